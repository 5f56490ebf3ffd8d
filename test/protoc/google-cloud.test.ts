import { compareWithProtoc } from './compare-with-protoc.ts';

compareWithProtoc('every file of Google’s cloud APIs', (file) => file.startsWith('google/cloud/'), 2300);
