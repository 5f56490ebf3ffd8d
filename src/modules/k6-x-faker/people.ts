// Persons and what belongs to them.
import type { Faker } from '@faker-js/faker';
import { type Category, list, oneOf } from './generator.ts';
import { makeAddress } from './places.ts';
import { makeCreditCard, makeJob } from './trade.ts';

const HOBBIES = list(
  'archery, astronomy, baking, beekeeping, birdwatching, board games, calligraphy, chess, climbing, cooking, cycling, dancing, drawing, fishing, gardening, geocaching, hiking, juggling, kayaking, knitting, model building, origami, painting, photography, pottery, reading, running, sailing, sewing, singing, stamp collecting, swimming, woodworking, yoga',
);
const SCHOOL_KINDS = ['Elementary School', 'Middle School', 'High School', 'Academy', 'College', 'University'];
const ACTORS = list(
  'Cary Grant, Marlene Dietrich, Humphrey Bogart, Ingrid Bergman, James Stewart, Audrey Hepburn, Meryl Streep, Denzel Washington, Judi Dench, Tom Hanks, Cate Blanchett, Morgan Freeman',
);
const BUSINESS_PEOPLE = list(
  'Henry Ford, Andrew Carnegie, Coco Chanel, Walt Disney, Estée Lauder, Ingvar Kamprad, Warren Buffett, Steve Jobs, Bill Gates, Oprah Winfrey, Jack Ma, Indra Nooyi',
);
const ATHLETES = list(
  'Jesse Owens, Pelé, Muhammad Ali, Billie Jean King, Nadia Comăneci, Michael Jordan, Steffi Graf, Serena Williams, Usain Bolt, Lionel Messi, Simone Biles, Roger Federer',
);

const email = (faker: Faker) => faker.internet.email().toLowerCase();
const phone = (faker: Faker) => faker.string.numeric({ length: 10, allowLeadingZeros: false });
const ssn = (faker: Faker) => String(faker.number.int({ min: 100_000_000, max: 899_999_999 }));
const gender = (faker: Faker) => faker.person.sex();

export const person: Category = {
  email,
  firstName: (faker) => faker.person.firstName(),
  gender,
  hobby: oneOf(HOBBIES),
  lastName: (faker) => faker.person.lastName(),
  middleName: (faker) => faker.person.middleName(),
  name: (faker) => `${faker.person.firstName()} ${faker.person.lastName()}`,
  namePrefix: (faker) => faker.person.prefix(),
  nameSuffix: (faker) => faker.person.suffix(),
  person: (faker) => ({
    first_name: faker.person.firstName(),
    last_name: faker.person.lastName(),
    gender: gender(faker),
    ssn: ssn(faker),
    image: faker.image.url(),
    hobby: faker.helpers.arrayElement(HOBBIES),
    job: makeJob(faker),
    address: makeAddress(faker),
    contact: { phone: phone(faker), email: email(faker) },
    credit_card: makeCreditCard(faker),
  }),
  phone,
  phoneFormatted: (faker) => faker.phone.number({ style: 'national' }),
  school: (faker) => `${faker.location.city()} ${faker.helpers.arrayElement(SCHOOL_KINDS)}`,
  ssn,
  /** Deals the people out to the teams, as evenly as can be. */
  teams: (faker, given) => {
    const people = faker.helpers.shuffle(given.texts(0));
    const names = given.texts(1);
    return Object.fromEntries(names.map((name, team) => [name, people.filter((_, i) => i % names.length === team)]));
  },
};

export const celebrity: Category = {
  celebrityActor: oneOf(ACTORS),
  celebrityBusiness: oneOf(BUSINESS_PEOPLE),
  celebritySport: oneOf(ATHLETES),
};
