/** The most rows that one file holds. */
export const MAX_EXPORT_ROWS = 100_000;

/** Set on a file that does not hold every row of its range. */
export const EXPORT_CUT_HEADER = "x-conduit-rows-left-out";

export interface LogExportPlan {
  /** Rows that the file will hold. */
  rows: number;
  /** Whether the range has more rows than that. */
  isCut: boolean;
}
