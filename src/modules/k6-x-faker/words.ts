// Words by their part of speech, and what is made of words.
import type { Faker } from '@faker-js/faker';
import { type Arguments, type Category, type Generator, list, oneOf } from './generator.ts';
import { WORD_LISTS } from './word-lists.ts';

const HIPSTER = list(
  'artisan, bicycle rights, brunch, cold-pressed, cornhole, craft beer, denim, fixie, flannel, heirloom, kombucha, meditation, microdosing, mixtape, moustache, pour-over, quinoa, selvage, sourdough, typewriter, vegan, vinyl, waistcoat',
);
const CONNECTIVES = [
  'connectiveCasual',
  'connectiveComparitive',
  'connectiveComplaint',
  'connectiveExamplify',
  'connectiveListing',
  'connectiveTime',
] as const;
const PRONOUNS = [
  'pronounDemonstrative',
  'pronounIndefinite',
  'pronounInterrogative',
  'pronounObject',
  'pronounPersonal',
  'pronounPossessive',
  'pronounReflective',
  'pronounRelative',
] as const;
const PHRASES = list(
  'a blessing in disguise, barking up the wrong tree, beating around the bush, cut to the chase, down to earth, hit the nail on the head, in a pickle, jumping the gun, keep your eyes peeled, on cloud nine, once in a blue moon, piece of cake, under the weather, wild goose chase',
);

/** More words or sentences than these are a mistake, or an attempt to fill the memory. */
const MOST_WORDS = 10_000;
const MOST_PARTS = 1000;

type ListName = keyof typeof WORD_LISTS;

const draw = (faker: Faker, ...names: readonly ListName[]): string =>
  faker.helpers.arrayElement(WORD_LISTS[faker.helpers.arrayElement(names)] as readonly string[]);
const nounPhrase: Generator = (faker) =>
  `${draw(faker, 'nounDeterminer')} ${faker.word.adjective()} ${draw(faker, 'nounCommon', 'nounConcrete')}`;
const prepositionPhrase: Generator = (faker, given) =>
  `${draw(faker, 'prepositionSimple')} ${String(nounPhrase(faker, given))}`;
const verbPhrase: Generator = (faker, given) =>
  `${draw(faker, 'adverbManner')} ${draw(faker, 'actionVerb')} ${String(prepositionPhrase(faker, given))}`;

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sentenceOf(word: (faker: Faker) => string): Generator {
  return (faker, given) => makeSentence(faker, word, given.count(0, 5, MOST_WORDS));
}

function makeSentence(faker: Faker, word: (faker: Faker) => string, words: number): string {
  return words === 0 ? '' : `${capitalise(Array.from({ length: words }, () => word(faker)).join(' '))}.`;
}

/** `paragraph(paragraphs, sentences, words, separator)` */
function paragraphOf(word: (faker: Faker) => string): Generator {
  return (faker, given: Arguments) => {
    const paragraphs = given.count(0, 2, MOST_PARTS);
    const sentences = given.count(1, 2, MOST_PARTS);
    const words = given.count(2, 5, MOST_WORDS);
    if (paragraphs * sentences * words > 10_000_000)
      throw new RangeError(`a text of ${paragraphs * sentences * words} words is too long`);
    const paragraph = () => Array.from({ length: sentences }, () => makeSentence(faker, word, words)).join(' ');
    return Array.from({ length: paragraphs }, paragraph).join(given.text(3, '<br />'));
  };
}

const anyWord = (faker: Faker) => faker.word.sample();
const loremWord = (faker: Faker) => faker.lorem.word();
const hipsterWord = (faker: Faker) => faker.helpers.arrayElement(HIPSTER);

export const word: Category = {
  ...Object.fromEntries(
    (Object.keys(WORD_LISTS) as ListName[]).map((name) => [name, (faker: Faker) => draw(faker, name)]),
  ),
  adjective: (faker) => faker.word.adjective(),
  adverb: (faker) => faker.word.adverb(),
  adverbPhrase: (faker) => `${draw(faker, 'adverbDegree')} ${draw(faker, 'adverbManner')}`,
  comment: (faker, given) => `${faker.word.interjection()}, ${String(nounPhrase(faker, given))}!`,
  connective: (faker) => draw(faker, ...CONNECTIVES),
  interjection: (faker) => faker.word.interjection(),
  loremIpsumParagraph: paragraphOf(loremWord),
  loremIpsumSentence: sentenceOf(loremWord),
  loremIpsumWord: loremWord,
  noun: (faker) => faker.word.noun(),
  nounPhrase,
  paragraph: paragraphOf(anyWord),
  phrase: oneOf(PHRASES),
  preposition: (faker) => faker.word.preposition(),
  prepositionPhrase,
  pronoun: (faker) => draw(faker, ...PRONOUNS),
  question: (faker) => `${makeSentence(faker, anyWord, faker.number.int({ min: 3, max: 10 })).slice(0, -1)}?`,
  quote: (faker) =>
    `"${makeSentence(faker, anyWord, faker.number.int({ min: 3, max: 10 }))}" - ${faker.person.fullName()}`,
  sentence: sentenceOf(anyWord),
  simpleSentence: (faker, given) =>
    `${capitalise(String(nounPhrase(faker, given)))} ${String(verbPhrase(faker, given))}.`,
  verb: (faker) => faker.word.verb(),
  verbPhrase,
  word: anyWord,
};

export const hipster: Category = {
  hipsterParagraph: paragraphOf(hipsterWord),
  hipsterSentence: sentenceOf(hipsterWord),
  hipsterWord,
};
