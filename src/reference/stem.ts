/** Endings of Russian nouns, adjectives and verbs, longest first: enough to find a word by another of its forms. */
const ENDINGS =
  /(?:иями|ием|иям|иях|ией|ями|ами|ыми|ими|ого|его|ому|ему|ать|ять|ить|еть|уть|ает|яет|ите|ете|ают|яют|ешь|ишь|ются|утся|ется|ится|ия|ий|ии|ию|ие|ые|ый|ой|ей|ая|яя|ое|ее|ую|юю|ых|их|ым|им|ом|ем|ам|ям|ах|ях|ов|ев|ет|ит|ут|ют|ат|ят|ть|а|я|о|е|и|ы|у|ю|ь|й)$/;

/**
 * What a word is found by: in small letters, Russian words without their ending, so that "удаляемого" finds "удаляемый".
 * The same for the index and for what is asked.
 */
export function stem(term: string): string {
  const word = term.toLowerCase().replaceAll('ё', 'е');
  if (word.length < 5 || !/^[а-я]+$/.test(word)) return word;
  const cut = word.replace(ENDINGS, '');
  return cut.length >= 3 ? cut : word;
}
