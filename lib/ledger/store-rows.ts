/** Writes a JSON array of rows in one transaction; says how many were new. */
export type InsertRows = (rowsJson: string) => Promise<number>;

/**
 * Gives up on a batch that has neither succeeded nor failed in `timeoutMs`: a connection can die in
 * a way that its driver never tells. A batch that was stored after all counts nothing when it is
 * sent again.
 */
export function limitInsert(insert: InsertRows, timeoutMs: number): InsertRows {
  return async (rowsJson) => {
    const expired = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => expired.reject(new Error(`The database has not answered for ${timeoutMs} ms.`)),
      timeoutMs,
    );
    try {
      return await Promise.race([insert(rowsJson), expired.promise]);
    } finally {
      clearTimeout(timer);
    }
  };
}

export interface PoisonRow {
  row: string;
  cause: unknown;
}

/**
 * Stores rows; those that the database refuses for what they are come back, found by halving, and
 * all others are stored. Throws when the database cannot be reached or cannot write: then nothing is
 * known and the whole batch is sent again, which the rows' keys make harmless.
 */
export async function storeRows(rows: readonly string[], insert: InsertRows): Promise<PoisonRow[]> {
  if (rows.length === 0) {
    return [];
  }
  try {
    await insert(`[${rows.join(",")}]`);
    return [];
  } catch (cause) {
    if (!isDataError(cause)) {
      throw cause;
    }
    const [row] = rows;
    if (rows.length === 1 && row !== undefined) {
      return [{ row, cause }];
    }
    const middle = rows.length >> 1;
    const first = await storeRows(rows.slice(0, middle), insert);
    return [...first, ...(await storeRows(rows.slice(middle), insert))];
  }
}

/**
 * SQLSTATE classes that speak of the row and not of the server: 21 cardinality, 22 data, 23
 * integrity, 54 limits of the program. Class 42 is left out: a missing column is a migration that
 * has not run yet, and sending every row to the dead letters for it would be wrong.
 */
const DATA_CLASSES: ReadonlySet<string> = new Set(["21", "22", "23", "54"]);

function isDataError(error: unknown): boolean {
  const code = sqlState(error);
  return code !== undefined && DATA_CLASSES.has(code.slice(0, 2));
}

/** The five characters that Postgres gives an error; drivers' own codes are longer words. */
function sqlState(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) {
    return undefined;
  }
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === "string" && /^[0-9A-Z]{5}$/.test(code)) {
    return code;
  }
  return cause === undefined ? undefined : sqlState(cause);
}
