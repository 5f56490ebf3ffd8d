// `k6/experimental/streams` (https://grafana.com/docs/k6/latest/javascript-api/k6-experimental/streams/). Sources and sinks of a script
// may block, resolve promises and throw wherever a stream calls them. So streams are code as a script's own: compiled like it, and
// evaluated in each virtual user.
import { compileModule } from '../../script/compiler/compile.ts';
import { DEFINE_SPECIFIER } from '../../script/load/find-run-time-module.ts';
import { findLineStarts } from '../../script/load/line-starts.ts';
import type { Program } from '../../script/program.ts';
import type { HostModule, ModuleExports } from '../../vu/environment.ts';
import { initModulesOf } from '../../vu/init-modules.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { makeReadableStream } from './readable-stream.ts';
import { makeStreamParts } from './stream-parts.ts';
import { makeWritableStream } from './writable-stream.ts';

const SPECIFIER = 'k6/experimental/streams';

let program: Program | null = null;

function compileStreams(): Program {
  const code = `import { define } from '${DEFINE_SPECIFIER}';
const parts = (${String(makeStreamParts)})();
define((${String(makeReadableStream)})(parts), (${String(makeWritableStream)})(parts), parts);`;
  return {
    ...compileModule({ code }),
    name: 'sixfold:streams',
    isCommonJs: false,
    origin: { file: SPECIFIER, folder: '', lineOffset: 0, map: null },
    lineStarts: findLineStarts(code),
    shared: null,
    packages: [],
  };
}

export const streamsModule: HostModule = {
  specifier: SPECIFIER,
  create({ realm }) {
    const compiled = (program ??= compileStreams());
    return (vu: VirtualUser): ModuleExports => {
      let named: Record<string, unknown> = {};
      const define = realm.hostFunction('define', 3, (readable: object, writable: object, parts: object) => {
        const { CountQueuingStrategy, ByteLengthQueuingStrategy } = parts as Record<string, unknown>;
        named = { ...readable, ...writable, CountQueuingStrategy, ByteLengthQueuingStrategy };
      });
      initModulesOf(vu).evaluate!(compiled, () => ({ define }));
      return { named };
    };
  },
};
