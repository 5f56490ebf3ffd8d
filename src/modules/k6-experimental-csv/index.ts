// `k6/experimental/csv` (https://grafana.com/docs/k6/latest/javascript-api/k6-experimental/csv/).
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostModule } from '../../vu/environment.ts';
import { ElementWriter, findSharedData, keepSharedData } from '../../vu/shared-data.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { sharedArrayOf } from '../k6-data/shared-array-class.ts';
import { fileClassOf, type OpenFile } from '../k6-experimental-fs/file-class.ts';
import { type CsvRecord, chooseRecords, readCsvOptions } from './csv-options.ts';

export const csvModule: HostModule = {
  specifier: 'k6/experimental/csv',
  create({ realm }) {
    const fileOf = (value: unknown): OpenFile => {
      const file = fileClassOf(realm).of(value);
      if (file === null) throw new TypeError('csv reads a File of k6/experimental/fs: await open(path) gives one');
      return file;
    };
    const requireInit = (what: string): void => {
      if ((realm.vu as VirtualUser).phase !== 'init') {
        throw realm.error('Error', `${what} is only available in the init context`, { name: 'ForbiddenError' });
      }
    };

    const parse = realm.asyncFunction('parse', 2, async (given: unknown, options: unknown) => {
      requireInit('csv.parse()');
      const file = fileOf(given);
      const chosen = readCsvOptions(options);
      // One copy for all virtual users: the same file read in the same way is the same data.
      const name = `sixfold:csv:${file.path}:${JSON.stringify(chosen)}`;
      if (findSharedData(name) === undefined) {
        const writer = new ElementWriter();
        for (const record of chooseRecords(file.content.toString('utf8'), chosen)) writer.add(JSON.stringify(record));
        keepSharedData(name, writer.finish());
      }
      return sharedArrayOf(realm).present(name);
    });

    const parsers = createAttachedState<Generator<CsvRecord, void, void>>();
    const parserClass = realm.hostClass({
      name: 'Parser',
      length: 2,
      construct(self, { 0: given, 1: options }) {
        requireInit('csv.Parser');
        parsers.attach(self, chooseRecords(fileOf(given).content.toString('utf8'), readCsvOptions(options)));
      },
      methods: {
        next: {
          length: 0,
          kind: 'async',
          async impl(this: unknown) {
            const records = parsers.of(this);
            if (records === null) throw new TypeError('this is not a Parser');
            const step = records.next();
            return realm.fromHost(step.done ? { done: true, value: [] } : { done: false, value: step.value });
          },
        },
      },
    });
    const named = { parse, Parser: parserClass.constructor };
    return () => ({ named });
  },
};
