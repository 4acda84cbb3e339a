/**
 * Makes a process believe in another time of day: `node --import …/shifted-clock.ts?shift=600000`.
 * With `after` and `then` the clock steps to another shift so many milliseconds after the start.
 * What measures durations is left alone, as it is where a machine's clock is set.
 */
const wanted = new URL(import.meta.url).searchParams;
const shiftMs = Number(wanted.get("shift") ?? 0);
const stepAfterMs = Number(wanted.get("after") ?? Number.POSITIVE_INFINITY);
const thenMs = Number(wanted.get("then") ?? 0);

const realNow = Date.now.bind(Date);

function shiftedNow(): number {
  return realNow() + (performance.now() < stepAfterMs ? shiftMs : thenMs);
}

globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [shiftedNow()] : args, newTarget),
  apply: () => new Date(shiftedNow()).toString(),
  get: (target, name, receiver) =>
    name === "now" ? shiftedNow : Reflect.get(target, name, receiver),
});
