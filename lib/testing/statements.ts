import { getSql, type Sql } from "#lib/db/client.ts";

/** Every statement that goes to the database from now on, as text without its values. */
export interface Statements {
  texts: ReadonlySet<string>;
  /** How many were sent. */
  count: () => number;
  stop: () => void;
}

const POOL_NAMES = ["hot", "batch", "console"] as const;

/** Listens to all pools of the open database. */
export function recordStatements(): Statements {
  const texts = new Set<string>();
  let count = 0;
  const debug = (_connection: number, text: string): void => {
    count += 1;
    texts.add(text);
  };
  // The driver reads this option at each query, from the object that it shows.
  const options = POOL_NAMES.map((name): { debug: unknown } => optionsOf(getSql(name)));
  for (const one of options) {
    one.debug = debug;
  }
  return {
    texts,
    count: () => count,
    stop: () => {
      for (const one of options) {
        one.debug = false;
      }
    },
  };
}

function optionsOf(sql: Sql): { debug: unknown } {
  return sql.options;
}
