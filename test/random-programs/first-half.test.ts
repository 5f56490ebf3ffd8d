import { testRandomPrograms } from './random-programs.ts';

testRandomPrograms(0, 2);
