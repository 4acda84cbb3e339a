/** Single-key shortcuts: who wants which key, and who gets it. */
export interface Shortcut {
  /** `l`, `/`, `[`, or two keys in a row as `g l`. Letters are lower case. */
  keys: string;
  /** What it does, for the list of shortcuts; starts with a verb. */
  label: string;
  /** Of several that want a key the highest gets it, and of equals the latest. 0 unless told. */
  priority: number;
  run: () => void;
}

export interface KeyPress {
  key: string;
  /** Whether Ctrl, Alt or Meta was held: such combinations are the browser's. */
  hasModifier: boolean;
  /** Whether the focus is where one types. */
  isTyping: boolean;
  /** Whether a dialog, menu or list is open that has the keys for itself. */
  isCovered: boolean;
  atMs: number;
}

const SEQUENCE_MS = 1500;

export interface ShortcutRegistry {
  add: (shortcut: Shortcut) => () => void;
  /** The shortcut of a key press, if it has one. */
  press: (press: KeyPress) => Shortcut | undefined;
  /** Those that would run now, one for each key. */
  list: () => readonly Shortcut[];
  subscribe: (listener: () => void) => () => void;
}

export function createShortcutRegistry(): ShortcutRegistry {
  let shortcuts: readonly Shortcut[] = [];
  let winners: readonly Shortcut[] = [];
  let first: { key: string; atMs: number } | undefined;
  const listeners = new Set<() => void>();

  const replace = (next: readonly Shortcut[]) => {
    shortcuts = next;
    winners = winnersOf(next);
    for (const listener of listeners) {
      listener();
    }
  };

  return {
    add: (shortcut) => {
      replace([...shortcuts, shortcut]);
      return () => replace(shortcuts.filter((other) => other !== shortcut));
    },
    press: ({ key, hasModifier, isTyping, isCovered, atMs }) => {
      const before =
        first !== undefined && atMs - first.atMs <= SEQUENCE_MS ? first.key : undefined;
      first = undefined;
      if (hasModifier || isTyping || isCovered) {
        return undefined;
      }
      if (before !== undefined) {
        return winners.find(({ keys }) => keys === `${before} ${key}`);
      }
      if (winners.some(({ keys }) => keys.startsWith(`${key} `))) {
        first = { key, atMs };
        return undefined;
      }
      return winners.find(({ keys }) => keys === key);
    },
    list: () => winners,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function winnersOf(shortcuts: readonly Shortcut[]): Shortcut[] {
  const byKeys = new Map<string, Shortcut>();
  for (const shortcut of shortcuts) {
    const other = byKeys.get(shortcut.keys);
    if (other === undefined || shortcut.priority >= other.priority) {
      byKeys.set(shortcut.keys, shortcut);
    }
  }
  return [...byKeys.values()];
}

/** The one of this browser tab. */
export const shortcutRegistry = createShortcutRegistry();
