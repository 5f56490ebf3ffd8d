// Loaded before a program (--import): as if the clock of its machine were ahead, by the ms of CLOCK_AHEAD_MS.
const aheadMs = Number(process.env['CLOCK_AHEAD_MS']);
const { timeOrigin } = performance;
const { now } = Date;
Object.defineProperty(performance, 'timeOrigin', { value: timeOrigin + aheadMs });
Date.now = () => now() + aheadMs;
