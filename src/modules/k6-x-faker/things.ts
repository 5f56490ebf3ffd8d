// Living things, food, colours and pastimes.
import type { Faker } from '@faker-js/faker';
import { type Category, list, oneOf } from './generator.ts';

const BEERS = list(
  'Pilsner Urquell, Pliny The Elder, Westvleteren 12, Orval, Guinness, Duvel, Chimay Blue, Schneider Aventinus, Augustiner Hell, Samuel Smith Oatmeal Stout',
);
const STYLES = list(
  'Amber Hybrid Beer, Belgian Strong Ale, Bock, English Pale Ale, German Wheat, India Pale Ale, Pilsner, Porter, Sour Ale, Stout',
);
const HOPS = list('Amarillo, Cascade, Centennial, Chinook, Citra, Fuggle, Hallertau, Saaz, Simcoe, Tettnang');
const MALTS = list(
  'Black malt, Caramel, Carapils, Chocolate malt, Munich, Pale ale, Roasted barley, Rye malt, Vienna, Wheat mix',
);
const YEASTS = [
  '1007 - German Ale',
  '1056 - American Ale',
  '1098 - British Ale',
  '1214 - Belgian Abbey',
  '2124 - Bohemian Lager',
  '3068 - Weihenstephan Weizen',
];
const TRANSMISSIONS = ['Manual', 'Automatic'];
const FARM_ANIMALS = list('Chicken, Cow, Donkey, Duck, Goat, Goose, Horse, Llama, Pig, Sheep, Turkey');
const ANIMAL_TYPES = ['amphibians', 'birds', 'fish', 'invertebrates', 'mammals', 'reptiles'];
const SAFE_COLORS = list(
  'aqua, black, blue, fuchsia, gray, green, lime, maroon, navy, olive, purple, red, silver, teal, white, yellow',
);
const BREAKFASTS = list(
  'Banana pancakes, Blueberry muffins, Buttermilk waffles, French toast, Granola with yoghurt, Omelette with herbs, Porridge with berries, Scrambled eggs on toast',
);
const DESSERTS = list(
  'Apple crumble, Brownies, Chocolate mousse, Crème brûlée, Key lime pie, Lemon sorbet, Panna cotta, Tiramisu',
);
const DINNERS = list(
  'Baked salmon, Beef stew, Chicken curry, Lasagne, Mushroom risotto, Roast lamb, Stuffed peppers, Vegetable paella',
);
const DRINKS = list('Water, Juice, Soda, Lemonade, Coffee, Tea, Beer, Wine, Milk, Hot chocolate');
const LUNCHES = list(
  'Caesar salad, Club sandwich, Falafel wrap, Ham and cheese toastie, Minestrone, Noodle soup, Quiche, Tuna melt',
);
const SNACKS = list(
  'Cheese sticks, Dried apricots, Hummus with carrots, Kettle crisps, Mixed nuts, Popcorn, Rice crackers, Trail mix',
);
const MOVIES: readonly (readonly [name: string, genre: string])[] = [
  ['Casablanca', 'Drama'],
  ['Citizen Kane', 'Mystery'],
  ['The Godfather', 'Crime'],
  ['Seven Samurai', 'Action'],
  ['Some Like It Hot', 'Comedy'],
  ['2001: A Space Odyssey', 'Sci-Fi'],
  ['Psycho', 'Horror'],
  ['Spirited Away', 'Animation'],
  ['Vertigo', 'Thriller'],
  ['The Third Man', 'Film-Noir'],
  ['Metropolis', 'Sci-Fi'],
  ['Amélie', 'Romance'],
  ['Das Boot', 'War'],
  ['Toy Story', 'Family'],
  ['Unforgiven', 'Western'],
];
const EMOJIS: readonly (readonly [description: string, category: string, alias: string, tag: string])[] = [
  ['grinning face', 'Smileys & Emotion', 'grinning', 'smile'],
  ['red heart', 'Smileys & Emotion', 'heart', 'love'],
  ['thumbs up', 'People & Body', '+1', 'approve'],
  ['dog face', 'Animals & Nature', 'dog', 'pet'],
  ['hot beverage', 'Food & Drink', 'coffee', 'cafe'],
  ['rocket', 'Travel & Places', 'rocket', 'ship'],
  ['soccer ball', 'Activities', 'soccer', 'sports'],
  ['laptop', 'Objects', 'computer', 'desktop'],
  ['check mark button', 'Symbols', 'white_check_mark', 'done'],
  ['chequered flag', 'Flags', 'checkered_flag', 'finish'],
];

const percent = (faker: Faker, min: number, max: number) =>
  `${faker.number.float({ min, max, fractionDigits: 1 }).toFixed(1)}%`;

export const animal: Category = {
  animal: (faker) => faker.animal.type(),
  animalType: oneOf(ANIMAL_TYPES),
  bird: (faker) => faker.animal.bird(),
  cat: (faker) => faker.animal.cat(),
  dog: (faker) => faker.animal.dog(),
  farmAnimal: oneOf(FARM_ANIMALS),
  petName: (faker) => faker.animal.petName(),
};

export const beer: Category = {
  beerAlcohol: (faker) => percent(faker, 2, 10),
  beerBlg: (faker) => `${faker.number.float({ min: 5, max: 20, fractionDigits: 1 }).toFixed(1)}°Blg`,
  beerHop: oneOf(HOPS),
  beerIbu: (faker) => `${faker.number.int({ min: 10, max: 100 })} IBU`,
  beerMalt: oneOf(MALTS),
  beerName: oneOf(BEERS),
  beerStyle: oneOf(STYLES),
  beerYeast: oneOf(YEASTS),
};

export const book: Category = {
  book: (faker) => ({ title: faker.book.title(), author: faker.book.author(), genre: faker.book.genre() }),
  bookAuthor: (faker) => faker.book.author(),
  bookGenre: (faker) => faker.book.genre(),
  bookTitle: (faker) => faker.book.title(),
};

export const car: Category = {
  car: (faker) => ({
    type: faker.vehicle.type(),
    fuel: faker.vehicle.fuel(),
    transmission: faker.helpers.arrayElement(TRANSMISSIONS),
    brand: faker.vehicle.manufacturer(),
    model: faker.vehicle.model(),
    year: faker.number.int({ min: 1950, max: new Date().getFullYear() }),
  }),
  carFuelType: (faker) => faker.vehicle.fuel(),
  carMaker: (faker) => faker.vehicle.manufacturer(),
  carModel: (faker) => faker.vehicle.model(),
  carTransmissionType: oneOf(TRANSMISSIONS),
  carType: (faker) => faker.vehicle.type(),
};

export const color: Category = {
  color: (faker) => faker.color.human(),
  hexColor: (faker) => faker.color.rgb(),
  niceColors: (faker) => Array.from({ length: 5 }, () => faker.color.rgb()),
  rgbColor: (faker) => Array.from({ length: 3 }, () => faker.number.int({ min: 0, max: 255 })),
  safeColor: oneOf(SAFE_COLORS),
};

export const emoji: Category = {
  emoji: (faker) => faker.internet.emoji(),
  emojiAlias: (faker) => faker.helpers.arrayElement(EMOJIS)[2],
  emojiCategory: (faker) => faker.helpers.arrayElement(EMOJIS)[1],
  emojiDescription: (faker) => faker.helpers.arrayElement(EMOJIS)[0],
  emojiTag: (faker) => faker.helpers.arrayElement(EMOJIS)[3],
};

export const food: Category = {
  breakfast: oneOf(BREAKFASTS),
  dessert: oneOf(DESSERTS),
  dinner: oneOf(DINNERS),
  drink: oneOf(DRINKS),
  fruit: (faker) => faker.food.fruit(),
  lunch: oneOf(LUNCHES),
  snack: oneOf(SNACKS),
  vegetable: (faker) => faker.food.vegetable(),
};

export const movie: Category = {
  movie: (faker) => {
    const [name, genre] = faker.helpers.arrayElement(MOVIES);
    return { name, genre };
  },
  movieGenre: (faker) => faker.helpers.arrayElement(MOVIES)[1],
  movieName: (faker) => faker.helpers.arrayElement(MOVIES)[0],
};

export const minecraft: Category = {
  minecraftAnimal: oneOf(['chicken', 'cow', 'pig', 'rabbit', 'sheep', 'wolf']),
  minecraftArmorPart: oneOf(['boots', 'chestplate', 'helmet', 'leggings']),
  minecraftArmorTier: oneOf(['diamond', 'gold', 'iron', 'leather', 'netherite']),
  minecraftBiome: oneOf(
    list('beach, desert, forest, jungle, mountain, ocean, plain, river, savanna, swamp, taiga, the end'),
  ),
  minecraftDye: oneOf(
    list('black, blue, brown, cyan, gray, green, lime, magenta, orange, pink, purple, red, white, yellow'),
  ),
  minecraftFood: oneOf(
    list('apple, baked potato, beetroot, bread, cake, carrot, cookie, melon slice, mushroom stew, pumpkin pie'),
  ),
  minecraftMobBoss: oneOf(['ender dragon', 'wither']),
  minecraftMobHostile: oneOf(
    list('blaze, creeper, ghast, guardian, phantom, pillager, skeleton, slime, witch, zombie'),
  ),
  minecraftMobNeutral: oneOf(list('bee, dolphin, enderman, goat, iron golem, llama, panda, polar bear, spider, wolf')),
  minecraftMobPassive: oneOf(list('axolotl, bat, cat, chicken, cod, cow, horse, parrot, squid, turtle, villager')),
  minecraftOre: oneOf(list('coal, copper, diamond, emerald, gold, iron, lapis lazuli, redstone')),
  minecraftTool: oneOf(['axe', 'fishing rod', 'hoe', 'pickaxe', 'shears', 'shovel']),
  minecraftVillagerJob: oneOf(
    list('armourer, butcher, cartographer, cleric, farmer, fisherman, fletcher, librarian, mason, shepherd'),
  ),
  minecraftVillagerLevel: oneOf(['novice', 'apprentice', 'journeyman', 'expert', 'master']),
  minecraftVillagerStation: oneOf(
    list('barrel, blast furnace, brewing stand, cauldron, composter, lectern, loom, smoker, stonecutter'),
  ),
  minecraftWeapon: oneOf(['arrow', 'bow', 'crossbow', 'shield', 'sword', 'trident']),
  minecraftWeather: oneOf(['clear', 'rain', 'thunder']),
  minecraftWood: oneOf(['acacia', 'birch', 'dark oak', 'jungle', 'oak', 'spruce']),
};
