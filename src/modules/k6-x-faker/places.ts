import type { Faker } from '@faker-js/faker';
import { type Category, oneOf } from './generator.ts';

const PREFIXES = ['North', 'East', 'West', 'South', 'New', 'Lake', 'Port'];
const SUFFIXES = ['Avenue', 'Boulevard', 'Court', 'Drive', 'Lane', 'Parkway', 'Road', 'Square', 'Street', 'Way'];

const street = (faker: Faker) => faker.location.streetAddress();

/** An address as one object. */
export function makeAddress(faker: Faker): Record<string, unknown> {
  const parts = { street: street(faker), city: faker.location.city(), state: faker.location.state(), zip: zip(faker) };
  return {
    address: `${parts.street}, ${parts.city}, ${parts.state} ${parts.zip}`,
    ...parts,
    country: faker.location.country(),
    latitude: faker.location.latitude(),
    longitude: faker.location.longitude(),
  };
}

function zip(faker: Faker): string {
  return faker.location.zipCode('#####');
}

export const address: Category = {
  address: makeAddress,
  city: (faker) => faker.location.city(),
  country: (faker) => faker.location.country(),
  countryAbbreviation: (faker) => faker.location.countryCode(),
  latitude: (faker) => faker.location.latitude(),
  latitudeRange: (faker, given) => faker.number.float({ ...given.range(0, -90, 90), fractionDigits: 6 }),
  longitude: (faker) => faker.location.longitude(),
  longitudeRange: (faker, given) => faker.number.float({ ...given.range(0, -180, 180), fractionDigits: 6 }),
  state: (faker) => faker.location.state(),
  stateAbbreviation: (faker) => faker.location.state({ abbreviated: true }),
  street,
  streetName: (faker) => faker.location.street(),
  streetNumber: (faker) => faker.location.buildingNumber(),
  streetPrefix: oneOf(PREFIXES),
  streetSuffix: oneOf(SUFFIXES),
  zip,
};
