import { index, pgTable, text } from "drizzle-orm/pg-core";
import { id, instant } from "./columns.ts";

/** Failed sign-ins of the last hour, which slow further tries down on every replica alike. */
export const signInFailures = pgTable(
  "sign_in_failures",
  {
    id: id(),
    /** `account:<digest>` or `address:<network>`. */
    subject: text("subject").notNull(),
    at: instant("at").notNull().defaultNow(),
  },
  (table) => [
    // How often this account or address has failed lately.
    index("sign_in_failures_subject_idx").on(table.subject, table.at),
  ],
);
