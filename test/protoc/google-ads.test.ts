import { compareWithProtoc } from './compare-with-protoc.ts';

compareWithProtoc('every file of Google’s ads APIs', (file) => file.startsWith('google/ads/'), 3900);
