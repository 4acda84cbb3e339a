import { describe, expect, test } from "vitest";
import {
  createShortcutRegistry,
  type KeyPress,
  type ShortcutRegistry,
} from "./shortcut-registry.ts";

const calm: KeyPress = {
  key: "l",
  hasModifier: false,
  isTyping: false,
  isCovered: false,
  atMs: 1000,
};

function registryWith(
  ...rows: readonly [keys: string, label: string, priority?: number][]
): ShortcutRegistry {
  const registry = createShortcutRegistry();
  for (const [keys, label, priority = 0] of rows) {
    registry.add({ keys, label, priority, run: () => undefined });
  }
  return registry;
}

describe("a key press", () => {
  test("finds its shortcut", () => {
    expect(registryWith(["l", "Follow"]).press(calm)?.label).toBe("Follow");
    expect(registryWith(["x", "Select"]).press(calm)).toBeUndefined();
  });

  test.each(["hasModifier", "isTyping", "isCovered"] as const)(
    "is left alone when %s",
    (reason) => {
      expect(registryWith(["l", "Follow"]).press({ ...calm, [reason]: true })).toBeUndefined();
    },
  );

  test("goes to the highest priority, and among equals to the latest", () => {
    const registry = registryWith(["l", "Page", 0], ["l", "Drawer", 5], ["l", "Card", 1]);
    expect(registry.press(calm)?.label).toBe("Drawer");
    const equals = registryWith(["l", "First"], ["l", "Second"]);
    expect(equals.press(calm)?.label).toBe("Second");
    expect(equals.list()).toHaveLength(1);
  });

  test("goes back to the one before when a shortcut is gone", () => {
    const registry = registryWith(["l", "Page"]);
    const remove = registry.add({ keys: "l", label: "Drawer", priority: 1, run: () => undefined });
    remove();
    expect(registry.press(calm)?.label).toBe("Page");
  });
});

describe("two keys in a row", () => {
  const registry = () => registryWith(["g l", "Go to logs"], ["l", "Follow"]);

  test("are one shortcut, and the second key alone is not run", () => {
    const keys = registry();
    expect(keys.press({ ...calm, key: "g" })).toBeUndefined();
    expect(keys.press({ ...calm, atMs: 1400 })?.label).toBe("Go to logs");
    expect(keys.press({ ...calm, atMs: 1500 })?.label).toBe("Follow");
  });

  test("are two shortcuts when the second key comes late", () => {
    const keys = registry();
    keys.press({ ...calm, key: "g" });
    expect(keys.press({ ...calm, atMs: 9000 })?.label).toBe("Follow");
  });

  test("end when something else is pressed in between", () => {
    const keys = registry();
    keys.press({ ...calm, key: "g" });
    expect(keys.press({ ...calm, key: "z", atMs: 1100 })).toBeUndefined();
    expect(keys.press({ ...calm, atMs: 1200 })?.label).toBe("Follow");
  });
});

test("listeners hear of every change", () => {
  const registry = createShortcutRegistry();
  let calls = 0;
  const stop = registry.subscribe(() => {
    calls += 1;
  });
  const remove = registry.add({ keys: "l", label: "Follow", priority: 0, run: () => undefined });
  remove();
  stop();
  registry.add({ keys: "x", label: "Select", priority: 0, run: () => undefined });
  expect(calls).toBe(2);
});
