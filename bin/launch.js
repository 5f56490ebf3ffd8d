// Starts a program on the Node that Sixfold needs, in this process where it already is the right one.
const { spawn } = require('node:child_process');
const { pathToFileURL } = require('node:url');
const { findNode } = require('./find-node.js');

/**
 * Runs `script` with `args` on a Node >= 26 and ends this process as that one ends.
 * @param {string[]} nodeFlags flags for Node itself; with any, a process of its own is started
 * @param {string} script absolute path
 * @param {string[]} args
 * @param {boolean} [lifeline] gives a process of its own a pipe as file descriptor 3, named in SIXFOLD_LIFELINE: it closes when
 *   this process is gone, however it ended
 */
async function launch(nodeFlags, script, args, lifeline = false) {
  ignoreDebugSignal();
  const found = findNode();
  if ('problem' in found) {
    console.error(found.problem);
    process.exitCode = 255;
    return;
  }
  if (found.node === process.execPath && nodeFlags.every((flag) => process.execArgv.includes(flag))) {
    process.argv = [process.execPath, script, ...args];
    // As Node does with a module that waits for what never comes: such a run has not succeeded.
    const stall = () => {
      process.exitCode ??= 13;
    };
    process.once('beforeExit', stall);
    await import(pathToFileURL(script).href);
    process.removeListener('beforeExit', stall);
    return;
  }
  const debugFlags = handOnDebugger();
  const child = spawn(found.node, ['--disable-sigusr1', ...debugFlags, ...nodeFlags, script, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', lifeline ? 'pipe' : 'ignore'],
    env: lifeline ? { ...process.env, SIXFOLD_LIFELINE: '3' } : process.env,
  });
  // A terminal's Ctrl-C reaches the child by itself; a signal sent to this process alone has to be handed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (!process.stdin.isTTY || signal !== 'SIGINT') child.kill(signal);
    });
  }
  child.on('error', (error) => {
    console.error(`sixfold could not start ${found.node}: ${error.message}`);
    process.exitCode = 255;
  });
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exitCode = code ?? 255;
  });
}

/**
 * Whoever starts us with a debugger or profiler means the program, and the debugger's port is for one process only.
 * @returns {string[]} the flags for it on our command line; those in NODE_OPTIONS reach the program by themselves
 */
function handOnDebugger() {
  // Loading it takes milliseconds of each start, and nothing else than these words opens the port by now.
  if (!/--(?:inspect|debug-port|cpu-prof|heap-prof)/.test(`${process.execArgv.join(' ')} ${process.env.NODE_OPTIONS}`))
    return [];
  const inspector = require('node:inspector');
  if (inspector.url()) inspector.close();
  return process.execArgv.filter((flag) => /^--(?:inspect|debug-port|cpu-prof|heap-prof)/.test(flag));
}

/** SIGUSR1 opens the port of Node's debugger to whoever may send signals; with somebody who listens it does not. */
function ignoreDebugSignal() {
  if (process.platform !== 'win32') process.on('SIGUSR1', () => {});
}

module.exports = { launch };
