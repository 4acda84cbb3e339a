/** Stands in every payload, so that one which reached the text of a statement is found there. */
export const INJECTION_MARK = "zq7x";

const OPENINGS = [
  "",
  "'",
  '"',
  "')",
  '")',
  "'))",
  "';",
  "\\'",
  "%27",
  "ʼ",
  "＇",
  "1",
  "1)",
  "$$",
  "`",
];

const ATTACKS = [
  "or 1=1",
  "or 'a'='a",
  "and 1=0 union select null",
  "union all select digest, scopes from admin_tokens",
  "; drop table users",
  "; delete from audit_events",
  "; update users set role = 'admin'",
  "; insert into users (id, email) values ('x', 'y')",
  "; create table zq7x (a int)",
  "; copy (select 1) to program 'id'",
  "|| pg_sleep(5)",
  "; select pg_sleep(5)",
  "or (select count(*) from generate_series(1, 100000000)) > 0",
  "order by 1, (select 1/0)",
  "::int",
  "limit 1 offset (select 1)",
  "/**/or/**/true",
  "%' or '%' like '%",
  "_%_%_%",
  "\u0000or 1=1",
  "\ud800",
  '{zq7x,"a',
  "(select version())",
  "chr(39)||chr(59)",
];

const ENDINGS = ["", "--", "-- -", "#", "/*", ";", "' --", '" --', "\\", ")"];

/** Some thousands of texts that have broken out of other programs' SQL. */
export const INJECTIONS: readonly string[] = OPENINGS.flatMap((opening) =>
  ATTACKS.flatMap((attack) =>
    ENDINGS.map((ending) => `${INJECTION_MARK}${opening} ${attack} ${ending}`.trim()),
  ),
);
