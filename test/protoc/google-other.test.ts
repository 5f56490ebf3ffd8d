import { compareWithProtoc } from './compare-with-protoc.ts';

compareWithProtoc('every other file of Google’s APIs', (file) => !/^google\/(?:ads|cloud)\//.test(file), 800);
