// Companies, work, goods and money.
import type { Faker } from '@faker-js/faker';
import { type Category, list, oneOf } from './generator.ts';

const SUFFIXES = ['Inc', 'and Sons', 'LLC', 'Group', 'Ltd', 'Partners'];
const LEVELS = list('Senior, Lead, Junior, Principal, Regional, Central, Global, Chief, District');
const FEATURES = list(
  'wireless, touchscreen, energy-efficient, eco-friendly, noise-cancelling, water-resistant, portable, durable, lightweight, ultra-compact, voice-controlled, high-resolution, self-cleaning, foldable',
);
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** A job as one object. */
export function makeJob(faker: Faker): Record<string, unknown> {
  return {
    company: faker.company.name(),
    title: faker.person.jobTitle(),
    descriptor: faker.person.jobDescriptor(),
    level: faker.helpers.arrayElement(LEVELS),
  };
}

/** A card as one object; it expires in the future. */
export function makeCreditCard(faker: Faker): Record<string, unknown> {
  return {
    type: faker.finance.creditCardIssuer(),
    number: cardNumber(faker),
    exp: `${expiryMonth(faker)}/${expiryYear(faker)}`,
    cvv: faker.finance.creditCardCVV(),
  };
}

function cardNumber(faker: Faker): string {
  return faker.finance.creditCardNumber().replaceAll('-', '');
}

const expiryMonth = (faker: Faker) => String(faker.number.int({ min: 1, max: 12 })).padStart(2, '0');
const expiryYear = (faker: Faker) => String((new Date().getFullYear() + faker.number.int({ min: 1, max: 10 })) % 100);

/** The last digit of a CUSIP or ISIN: the sum of the digits, every second one doubled. */
function checkDigit(digits: readonly number[], doubled: 'odd' | 'even from the end'): number {
  let sum = 0;
  for (const [i, digit] of digits.entries()) {
    const isDoubled = doubled === 'odd' ? i % 2 === 1 : (digits.length - 1 - i) % 2 === 0;
    const value = isDoubled ? digit * 2 : digit;
    sum += Math.floor(value / 10) + (value % 10);
  }
  return (10 - (sum % 10)) % 10;
}

function base36(character: string): number {
  return Number.parseInt(character, 36);
}

export function makeCusip(faker: Faker): string {
  const base = faker.string.numeric(6) + faker.string.fromCharacters(`${UPPER}0123456789`, 2);
  return base + checkDigit([...base].map(base36), 'odd');
}

export function makeIsin(faker: Faker): string {
  const base = faker.location.countryCode() + makeCusip(faker);
  const digits = [...base].flatMap((character) => [...String(base36(character))].map(Number));
  return base + checkDigit(digits, 'even from the end');
}

export const company: Category = {
  blurb: (faker) => faker.company.buzzNoun(),
  bs: (faker) => faker.company.buzzPhrase(),
  buzzword: (faker) => faker.company.catchPhraseAdjective(),
  company: (faker) => faker.company.name(),
  companySuffix: oneOf(SUFFIXES),
  job: makeJob,
  jobDescriptor: (faker) => faker.person.jobDescriptor(),
  jobLevel: oneOf(LEVELS),
  jobTitle: (faker) => faker.person.jobTitle(),
  slogan: (faker) => faker.company.catchPhrase(),
};

export const finance: Category = { cusip: makeCusip, isin: makeIsin };

export const payment: Category = {
  achAccountNumber: (faker) => faker.string.numeric(12),
  achRoutingNumber: (faker) => faker.finance.routingNumber(),
  bitcoinAddress: (faker) => faker.finance.bitcoinAddress(),
  bitcoinPrivateKey: (faker) =>
    `5${faker.helpers.arrayElement(['H', 'J', 'K'])}${faker.string.fromCharacters(BASE58, 49)}`,
  creditCard: makeCreditCard,
  creditCardCVV: (faker) => faker.finance.creditCardCVV(),
  creditCardExp: (faker) => `${expiryMonth(faker)}/${expiryYear(faker)}`,
  creditCardExpMonth: expiryMonth,
  creditCardExpYear: expiryYear,
  creditCardNumber: cardNumber,
  creditCardNumberFormatted: (faker) => faker.finance.creditCardNumber(),
  creditCardType: (faker) => faker.finance.creditCardIssuer(),
  currency: (faker) => {
    const { code, name } = faker.finance.currency();
    return { short: code, long: name };
  },
  currencyLong: (faker) => faker.finance.currencyName(),
  currencyShort: (faker) => faker.finance.currencyCode(),
  price: (faker, given) => faker.number.float({ ...given.range(0, 0, 1000), fractionDigits: 2 }),
};

const makeFeatures = (faker: Faker) => faker.helpers.arrayElements(FEATURES, 3);

export const product: Category = {
  product: (faker) => ({
    name: faker.commerce.productName(),
    description: faker.commerce.productDescription(),
    categories: faker.helpers.uniqueArray(() => faker.commerce.department().toLowerCase(), 2),
    price: faker.number.float({ min: 3, max: 100, fractionDigits: 2 }),
    features: makeFeatures(faker),
    color: faker.color.human(),
    material: faker.commerce.productMaterial().toLowerCase(),
    upc: faker.commerce.upc(),
  }),
  productCategory: (faker) => faker.commerce.department().toLowerCase(),
  productDescription: (faker) => faker.commerce.productDescription(),
  productFeature: oneOf(FEATURES),
  productMaterial: (faker) => faker.commerce.productMaterial().toLowerCase(),
  productName: (faker) => faker.commerce.productName(),
  productUpc: (faker) => faker.commerce.upc(),
};
