/**
 * One value per process, however many copies of a module are loaded.
 *
 * Server code and Next's bundle each load their own copy of every file in the same process, so a
 * module-level variable would exist twice. The registry lives on `globalThis` under a registered
 * symbol, which both copies resolve to the same place.
 */
const REGISTRY = Symbol.for("conduit.singletons");

type Registry = Map<string, unknown>;

function registry(): Registry {
  const host = globalThis as { [REGISTRY]?: Registry };
  host[REGISTRY] ??= new Map();
  return host[REGISTRY];
}

/** The process-wide value called `name`, made by `make` on first use. */
export function singleton<T>(name: string, make: () => T): T {
  const values = registry();
  if (!values.has(name)) {
    values.set(name, make());
  }
  // The registry is keyed by name, and each name has exactly one owner that fixes its type.
  return values.get(name) as T;
}

/** The value called `name`, when somebody has made it. */
export function getSingleton<T>(name: string): T | undefined {
  // As above: the name fixes the type.
  return registry().get(name) as T | undefined;
}

/** Forgets a singleton, so that the next use makes a new one. For shutdown and tests. */
export function dropSingleton(name: string): void {
  registry().delete(name);
}
