import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync(new URL("globals.css", import.meta.url), "utf8");
const THEMES = ["light", "dark"] as const;
type Theme = (typeof THEMES)[number];

/** Every role of the style sheet, as `name → [light, dark]`. */
const tokens = new Map(
  [...css.matchAll(/--color-([a-z0-9-]+):\s*light-dark\((#[0-9a-f]+),\s*(#[0-9a-f]+)\)/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, { light, dark }],
  ),
);

function colourOf(role: string, theme: Theme): string {
  const token = tokens.get(role);
  if (token === undefined) {
    throw new Error(`globals.css has no role "${role}".`);
  }
  return token[theme];
}

/** Relative luminance of WCAG 2.2. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function ratio(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const GROUNDS = ["bg", "surface", "muted"];
const CHIPS = ["success", "warning", "danger", "info", "neutral"];
const SERIES = ["1", "2", "3", "4", "5", "6", "other"];

/** The lowest ratio that a role keeps on every ground it may stand on, in light and in dark. */
const FLOORS: readonly { role: string; on: readonly string[]; light: number; dark: number }[] = [
  { role: "fg", on: GROUNDS, light: 16, dark: 14 },
  { role: "muted-fg", on: GROUNDS, light: 6, dark: 6.6 },
  { role: "input", on: GROUNDS, light: 3.1, dark: 3.5 },
  { role: "primary", on: GROUNDS, light: 5.5, dark: 8.8 },
  { role: "on-primary", on: ["primary"], light: 6, dark: 8.9 },
  { role: "success", on: GROUNDS, light: 4.5, dark: 9.4 },
  { role: "warning", on: GROUNDS, light: 4.6, dark: 9.9 },
  { role: "danger", on: GROUNDS, light: 5.8, dark: 5.9 },
  { role: "on-danger", on: ["danger"], light: 4.5, dark: 4.5 },
  { role: "info", on: GROUNDS, light: 6, dark: 7.5 },
  ...CHIPS.map((tone) => ({
    role: `chip-${tone}-fg`,
    on: [`chip-${tone}-bg`],
    light: 6.2,
    dark: 8.8,
  })),
  // Marks of a chart are no text: 3 : 1 is enough for them.
  ...SERIES.map((slot) => ({ role: `series-${slot}`, on: ["bg"], light: 3.3, dark: 3.2 })),
];

describe.each(THEMES)("in the %s theme", (theme) => {
  test.each(FLOORS)("$role can be read on $on", ({ role, on, light, dark }) => {
    const lowest = Math.min(
      ...on.map((ground) => ratio(colourOf(role, theme), colourOf(ground, theme))),
    );
    expect(lowest).toBeGreaterThanOrEqual({ light, dark }[theme]);
  });

  test("the six series and the rest are different colours", () => {
    const colours = SERIES.map((slot) => colourOf(`series-${slot}`, theme));
    expect(new Set(colours).size).toBe(SERIES.length);
  });
});

test("every role has a light and a dark value", () => {
  const named = [...css.matchAll(/--color-([a-z0-9-]+):/g)].map(([, name]) => name);
  expect(named.sort()).toEqual([...tokens.keys()].sort());
});
