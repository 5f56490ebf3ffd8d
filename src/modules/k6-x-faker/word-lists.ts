// Words by their part of speech.
import { list } from './generator.ts';

export const WORD_LISTS = {
  actionVerb: list(
    'build, carry, climb, cook, dance, dig, draw, jump, kick, paint, read, ride, run, sing, swim, throw, walk, write',
  ),
  adverbDegree: list(
    'absolutely, almost, completely, enough, entirely, extremely, far, fully, hardly, just, nearly, quite, rather, really, too, very',
  ),
  adverbFrequencyDefinite: list('annually, daily, fortnightly, hourly, monthly, nightly, quarterly, weekly, yearly'),
  adverbFrequencyIndefinite: list(
    'always, ever, frequently, generally, infrequently, never, normally, occasionally, often, rarely, seldom, sometimes, usually',
  ),
  adverbManner: list(
    'badly, beautifully, boldly, calmly, carefully, eagerly, easily, gently, happily, neatly, quickly, quietly, slowly, warmly, well',
  ),
  adverbPlace: list(
    'abroad, above, away, back, below, downstairs, everywhere, far, here, indoors, inside, nearby, outside, there, upstairs',
  ),
  adverbTimeDefinite: ['now', 'then', 'today', 'tomorrow', 'tonight', 'yesterday'],
  adverbTimeIndefinite: list(
    'already, before, early, earlier, eventually, finally, first, formerly, last, late, later, lately, recently, since, soon, still, yet',
  ),
  connectiveCasual: list('accordingly, all, as, consequently, due to, for, hence, since, so, therefore, thus'),
  connectiveComparitive: list(
    'after all, although, besides, but, conversely, however, in contrast, instead, likewise, nevertheless, otherwise, yet',
  ),
  connectiveComplaint: list('besides, e.g., for example, i.e., in other words, rather, that is, then, you know'),
  connectiveExamplify: list(
    'accordingly, as a result, because, for example, for instance, one example, provided that, unless, until, whenever',
  ),
  connectiveListing: list(
    'firstly, secondly, first of all, finally, lastly, for one thing, in the first place, to begin with, next',
  ),
  connectiveTime: list(
    'after a while, afterwards, at once, at this point, before that, finally, from now on, in the meantime, meanwhile, next, soon, then, until then',
  ),
  demonstrativeAdjective: list('that, these, this, those, it, here, there, over there'),
  descriptiveAdjective: list(
    'bright, brave, calm, clever, cloudy, dusty, eager, elegant, famous, gentle, graceful, quaint, shiny, thankful, witty',
  ),
  helpingVerb: list(
    'am, are, can, could, did, do, does, had, has, have, is, may, might, must, shall, should, was, were, will, would',
  ),
  indefiniteAdjective: list('all, any, anything, each, everybody, few, many, much, nobody, several, some, someone'),
  interrogativeAdjective: list('how, what, when, where, which, whichever, who, whom, whose, why'),
  intransitiveVerb: list(
    'agree, appear, arrive, belong, collapse, dream, fall, go, happen, laugh, lie, run, sit, sleep, smile, swim, wait, wave',
  ),
  linkingVerb: list('am, appear, are, be, became, feel, is, look, remain, seem, smell, sound, stay, taste, was, were'),
  nounAbstract: list(
    'anger, beauty, bravery, calm, charity, courage, faith, freedom, happiness, honesty, hope, idea, joy, justice, knowledge, luck, peace, trust, truth, wisdom',
  ),
  nounCollectiveAnimal: list(
    'army, brood, caravan, cloud, colony, flock, gaggle, herd, hive, litter, pack, pod, pride, school, swarm',
  ),
  nounCollectivePeople: list(
    'band, board, caravan, cast, choir, class, company, crew, crowd, group, gang, panel, party, staff, team, troupe',
  ),
  nounCollectiveThing: list(
    'batch, bouquet, bundle, chest, cluster, collection, fleet, forest, library, pack, pair, shower, stack, string, set',
  ),
  nounCommon: list(
    'bank, body, book, business, car, case, child, city, company, country, day, eye, family, government, hand, house, job, night, school, woman',
  ),
  nounConcrete: list(
    'apple, bridge, candle, chair, clock, coat, desk, flower, guitar, hat, lamp, mirror, pencil, rain, river, stone, table, tree, window',
  ),
  nounCountable: list(
    'album, bell, bowl, box, card, coin, cup, door, egg, fork, key, leaf, map, orange, pen, plate, ring, shoe, spoon, ticket',
  ),
  nounDeterminer: list(
    'a, a few, a little, all, an, any, both, each, every, her, his, its, many, my, our, some, that, the, these, this, your',
  ),
  nounProper: list(
    'Amazon, Antarctica, Bach, Berlin, Einstein, Everest, London, Marie Curie, Monday, Paris, Sahara, Shakespeare, Tokyo',
  ),
  nounUncountable: list(
    'advice, bread, butter, coffee, electricity, equipment, furniture, homework, information, luggage, milk, money, music, rice, sand, sugar, traffic, water, weather',
  ),
  possessiveAdjective: list('her, his, its, my, our, their, your'),
  prepositionCompound: list(
    'according to, ahead of, because of, by means of, in addition to, in front of, in place of, instead of, on account of, out of, owing to, with regard to',
  ),
  prepositionDouble: list(
    'across from, along with, apart from, as to, because of, close to, in between, next to, out of, outside of, upon, up to, within, without',
  ),
  prepositionSimple: list(
    'about, after, at, before, by, for, from, in, into, of, off, on, over, through, to, under, with',
  ),
  pronounDemonstrative: ['that', 'these', 'this', 'those'],
  pronounIndefinite: list(
    'all, another, any, anybody, anyone, anything, both, each, everybody, everyone, everything, few, many, neither, nobody, none, nothing, one, others, several, some, somebody, someone, something, such',
  ),
  pronounInterrogative: ['what', 'which', 'who', 'whom', 'whose'],
  pronounObject: list('her, him, it, me, them, us, you'),
  pronounPersonal: list('he, I, it, she, they, we, you'),
  pronounPossessive: ['hers', 'his', 'mine', 'ours', 'theirs', 'yours'],
  pronounReflective: list('herself, himself, itself, myself, ourselves, themselves, yourself, yourselves'),
  pronounRelative: list('as, that, what, whatever, which, whichever, who, whoever, whom, whose'),
  properAdjective: list(
    'American, Brazilian, Chinese, Danish, Egyptian, French, German, Italian, Japanese, Kenyan, Mexican, Polish, Shakespearean, Swiss, Victorian',
  ),
  quantitativeAdjective: list(
    'a few, a great deal of, a little, all, any, couple, double, each, enough, every, few, full, half, heavily, many, much, numerous, several, some, whole',
  ),
  transitiveVerb: list(
    'accept, bring, buy, carry, catch, choose, describe, drop, find, give, help, hold, kiss, learn, make, paint, read, see, take, teach, use',
  ),
} as const satisfies Readonly<Record<string, readonly string[]>>;
