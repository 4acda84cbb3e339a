import { createParser } from "nuqs/server";
import type { TablePaging } from "./data-table-footer.tsx";
import { formatCount } from "./format.ts";

/** Where a list that is ordered by name begins; zero is left out of the address. */
export const parseAsOffset = createParser<number>({
  parse: (text) => (/^\d{1,7}$/.test(text) ? Number(text) : null),
  serialize: String,
}).withDefault(0);

/** The pages around one of a list that has a total: `paging={offsetPaging({ offset, size: 50, total })}`. */
export function offsetPaging(page: { offset: number; size: number; total: number }): TablePaging {
  const { offset, size, total } = page;
  const last = Math.min(offset + size, total);
  const before = Math.max(0, offset - size);
  return {
    older: last < total ? { offset: String(last) } : null,
    newer: offset === 0 ? null : { offset: before === 0 ? null : String(before) },
    olderLabel: "Next",
    newerLabel: "Previous",
    summary:
      total === 0
        ? ""
        : `${formatCount(Math.min(offset + 1, total))}–${formatCount(last)} of ${formatCount(total)}`,
  };
}
