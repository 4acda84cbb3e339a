import { expect, test } from "vitest";
import { changePreferences, DEFAULT_PREFERENCES, displayZone, readTheme } from "./preferences.ts";
import { preferencesInput, readPreferences } from "./preferences-schema.ts";

test("what was stored is read field by field, and nonsense falls back to the default", () => {
  expect(readPreferences(undefined)).toEqual(DEFAULT_PREFERENCES);
  expect(readPreferences([1])).toEqual(DEFAULT_PREFERENCES);
  expect(readPreferences({ theme: "dark", density: "huge", zone: "Mars/Base", gone: 1 })).toEqual({
    ...DEFAULT_PREFERENCES,
    theme: "dark",
  });
});

test("a change leaves alone what it does not name, and merges columns table by table", () => {
  const before = { ...DEFAULT_PREFERENCES, columns: { logs: ["time"], keys: ["name"] } };
  const after = changePreferences(before, {
    theme: "dark",
    columns: { logs: null, audit: ["ip"] },
  });
  expect(after).toEqual({
    ...before,
    theme: "dark",
    columns: { keys: ["name"], audit: ["ip"] },
  });
});

test.each([{ theme: "blue" }, { zone: "+02:00" }, { columns: { logs: [1] } }, { unknown: true }])(
  "%j is no change",
  (change) => {
    expect(preferencesInput.safeParse(change).success).toBe(false);
  },
);

test("times are shown in the browser's zone, the organisation's, or a chosen one", () => {
  const known = { browserZone: "Asia/Kolkata", reportingZone: "Europe/Berlin" };
  expect(displayZone("browser", known)).toBe("Asia/Kolkata");
  expect(displayZone("reporting", known)).toBe("Europe/Berlin");
  expect(displayZone("UTC", known)).toBe("UTC");
  expect(displayZone("browser", { ...known, browserZone: "Mars/Base" })).toBe("Europe/Berlin");
});

test("a theme is one of three, whatever the cookie says", () => {
  expect(readTheme("dark")).toBe("dark");
  expect(readTheme("<script>")).toBe("system");
  expect(readTheme(undefined)).toBe("system");
});
