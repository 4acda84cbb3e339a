/**
 * Every number, amount and id that the console shows is written here, so that one thing looks the
 * same on every page. What is not known is `UNKNOWN`, never zero. Times are in `format-time.ts`.
 */
export const UNKNOWN = "—";

const NANOS_PER_USD = 1_000_000_000n;
const NANO_PLACES = 9;
const USD = /^(-?)(\d+)(?:\.(\d+))?$/;

/** `aggregate` is a sum over requests, `request` what one request cost. */
export type MoneyKind = "aggregate" | "request";

/** Significant digits, and the most decimals, of an amount that one request can cost. */
const REQUEST_DIGITS = 4;
const REQUEST_PLACES = 8;

/** Whole numbers with separators: `1,240`. */
export function formatCount(count: number | bigint | null): string {
  if (count === null || (typeof count === "number" && !Number.isFinite(count))) {
    return UNKNOWN;
  }
  const [whole = "0", fraction] = String(count).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Short whole numbers for tiles and axes: `9,999`, `12.4k`, `1.24M`, `3.1B`. */
export function formatCompact(count: number | null): string {
  if (count === null || !Number.isFinite(count)) {
    return UNKNOWN;
  }
  const size = Math.abs(count);
  if (size < 10_000) {
    return formatCount(Math.round(count));
  }
  const units = [
    { from: 1e9, name: "B" },
    { from: 1e6, name: "M" },
    { from: 1e3, name: "k" },
  ];
  // 999,950 would round to 1000k, so a unit begins where its rounding does.
  const unit = units.find(({ from }) => size >= from * 0.9995) ?? { from: 1e3, name: "k" };
  return `${threeDigits(count / unit.from)}${unit.name}`;
}

/** Three significant digits without trailing zeros: 1.24, 12.4, 124. */
function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** An amount in US dollars, given as the decimal string that the API sends. */
export function formatMoney(usd: string | null, kind: MoneyKind = "aggregate"): string {
  const nanos = usd === null ? undefined : nanosOf(usd);
  if (nanos === undefined) {
    return UNKNOWN;
  }
  const sign = nanos < 0n ? "-" : "";
  const size = nanos < 0n ? -nanos : nanos;
  return kind === "aggregate" && size >= NANOS_PER_USD
    ? sign + aggregateOf(size)
    : requestAmount(size, sign);
}

function aggregateOf(size: bigint): string {
  // Each step begins where rounding reaches it, so that $999.996 is $1,000 and not $1,000.00.
  if (size < usdNanos("999.995")) {
    return `$${decimal(size, 2)}`;
  }
  if (size < usdNanos("999999.5")) {
    return `$${decimal(size, 0)}`;
  }
  const isMillions = size < usdNanos("999995000");
  const unit = isMillions ? 1_000_000n : 1_000_000_000n;
  return `$${decimal((size + unit / 2n) / unit, 2)}${isMillions ? "M" : "B"}`;
}

function requestAmount(size: bigint, sign: string): string {
  if (size === 0n) {
    return "$0.00";
  }
  if (size < 10n) {
    return sign === "" ? "<$0.00000001" : ">-$0.00000001";
  }
  const digits = size.toString().length - NANO_PLACES;
  const places = Math.min(REQUEST_PLACES, Math.max(2, REQUEST_DIGITS - digits));
  return `${sign}$${trimZeros(decimal(size, places), 2)}`;
}

/** Every stored digit, for a tooltip: `$0.00421308`. */
export function formatMoneyExact(usd: string | null): string {
  const nanos = usd === null ? undefined : nanosOf(usd);
  if (nanos === undefined) {
    return UNKNOWN;
  }
  const size = nanos < 0n ? -nanos : nanos;
  return `${nanos < 0n ? "-" : ""}$${trimZeros(decimal(size, NANO_PLACES), 2)}`;
}

/** A price per million tokens: `$2.50 / 1M`. */
export function formatPrice(usdPerMillion: string | null): string {
  const nanos = usdPerMillion === null ? undefined : nanosOf(usdPerMillion);
  return nanos === undefined ? UNKNOWN : `${formatMoneyExact(usdPerMillion)} / 1M`;
}

/** Nano-dollars of a decimal string; digits beyond the ninth place are cut off. */
function nanosOf(usd: string): bigint | undefined {
  const match = USD.exec(usd.trim());
  if (match === null) {
    return undefined;
  }
  const [, sign, whole = "0", fraction = ""] = match;
  const places = fraction.slice(0, NANO_PLACES).padEnd(NANO_PLACES, "0");
  const nanos = BigInt(whole) * NANOS_PER_USD + BigInt(places);
  return sign === "-" ? -nanos : nanos;
}

function usdNanos(usd: string): bigint {
  return nanosOf(usd) ?? 0n;
}

/** Nano-units as a decimal with `places` places, rounded half up, thousands separated. */
function decimal(nanos: bigint, places: number): string {
  const step = 10n ** BigInt(NANO_PLACES - places);
  const units = (nanos + step / 2n) / step;
  const scale = 10n ** BigInt(places);
  const whole = formatCount(units / scale);
  return places === 0 ? whole : `${whole}.${(units % scale).toString().padStart(places, "0")}`;
}

function trimZeros(text: string, leastPlaces: number): string {
  const [whole = "", fraction = ""] = text.split(".");
  const kept = fraction.replace(/0+$/, "").padEnd(leastPlaces, "0");
  return `${whole}.${kept}`;
}

/** Exact tokens, for tables: `1,240,123`. */
export function formatTokens(tokens: number | null): string {
  return formatCount(tokens);
}

/** Tokens in, out and from a cache: `1,200 → 340 (1,000 cached)`. */
export function formatTokenFlow(
  input: number | null,
  output: number | null,
  cached: number | null = null,
): string {
  if (input === null && output === null) {
    return UNKNOWN;
  }
  const flow = `${formatCount(input)} → ${formatCount(output)}`;
  return cached === null || cached === 0 ? flow : `${flow} (${formatCount(cached)} cached)`;
}

/** A length of time: `842 ms`, `1.84 s`, `1 m 12 s`, `2 h 5 m`, `3 d 4 h`. */
export function formatDuration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms) || ms < 0) {
    return UNKNOWN;
  }
  if (ms > 0 && ms < 1) {
    return "<1 ms";
  }
  if (Math.round(ms) < 1000) {
    return `${Math.round(ms)} ms`;
  }
  // Three digits are shown, so 59.96 s is already a minute.
  if (ms < 59_950) {
    return `${(ms / 1000).toFixed(ms < 9_995 ? 2 : 1)} s`;
  }
  return longDuration(Math.round(ms / 1000));
}

function longDuration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${minutes} m ${seconds % 60} s`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 24
    ? `${hours} h ${minutes % 60} m`
    : `${formatCount(Math.floor(hours / 24))} d ${hours % 24} h`;
}

/** Tokens a second: `84 tok/s`. */
export function formatTokenRate(perSecond: number | null): string {
  if (perSecond === null || !Number.isFinite(perSecond)) {
    return UNKNOWN;
  }
  const isSlow = perSecond > 0 && perSecond < 9.95;
  return `${isSlow ? perSecond.toFixed(1) : formatCount(Math.round(perSecond))} tok/s`;
}

/** A ratio as a percentage: 0.124 is `12.4 %`; `100 %` only when it is exactly that. */
export function formatPercent(ratio: number | null): string {
  if (ratio === null || !Number.isFinite(ratio)) {
    return UNKNOWN;
  }
  if (ratio === 0 || ratio === 1) {
    return `${ratio * 100} %`;
  }
  if (ratio > 0 && ratio < 0.001) {
    return "<0.1 %";
  }
  // What is short of everything never rounds up to it.
  const percent = ratio < 1 ? Math.min(ratio * 100, 99.9) : ratio * 100;
  return `${formatCount(Number(percent.toFixed(1)))}${percent.toFixed(1).endsWith(".0") ? ".0" : ""} %`;
}

/** How much a value changed: `+12.4 %`, `-3.0 %`, `new` from zero. */
export function formatDelta(now: number | null, before: number | null): string {
  if (now === null || before === null || !Number.isFinite(now) || !Number.isFinite(before)) {
    return UNKNOWN;
  }
  if (before === 0) {
    return now === 0 ? "0 %" : "new";
  }
  const percent = ((now - before) / Math.abs(before)) * 100;
  return percent === 0 ? "0 %" : `${percent > 0 ? "+" : "-"}${changeOf(Math.abs(percent))}`;
}

function changeOf(percent: number): string {
  if (percent < 0.05) {
    return "<0.1 %";
  }
  return percent >= 999.95 ? `${formatCount(Math.round(percent))} %` : `${percent.toFixed(1)} %`;
}

/** Decimal units, as drives and networks count: `512 B`, `1.24 kB`, `3.1 MB`. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null || !Number.isFinite(bytes)) {
    return UNKNOWN;
  }
  if (bytes < 999.5) {
    return `${Math.round(bytes)} B`;
  }
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes * 1.0005) / 3));
  return `${threeDigits(bytes / 1000 ** power)} ${units[power - 1]}`;
}

const SHORT_ENOUGH = 12;

/** The ends of an id: `req_3f9c…a41e`. Copying gives all of it. */
export function formatId(id: string): string {
  const prefix = /^(?:[a-z]+_)+/.exec(id)?.[0] ?? "";
  const body = id.slice(prefix.length);
  return body.length <= SHORT_ENOUGH ? id : `${prefix}${body.slice(0, 4)}…${body.slice(-4)}`;
}
