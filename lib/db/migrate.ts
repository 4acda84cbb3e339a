import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { connect, type Db, getDb, openDedicatedSql } from "./client.ts";

/** Any number that nothing else in the database locks. */
const MIGRATION_LOCK = 6_021_023_140_857n;

/**
 * Brings the open database to the schema of this version: all outstanding migrations in one
 * transaction, or none. Processes that start together wait for the first one. Throws the
 * database's error; the start must fail then.
 */
export async function migrate(): Promise<void> {
  // A connection of its own: the pools' time limits are for requests, not for building an index.
  const dedicated = openDedicatedSql();
  if (dedicated === undefined) {
    await getDb().transaction(apply);
    return;
  }
  try {
    await connect(dedicated).db.transaction(apply);
  } finally {
    await dedicated.end({ timeout: 5 });
  }
}

async function apply(tx: Db): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
  // A migration is known by the moment it was made, which drizzle-kit keeps in its journal: the
  // text of a file may differ by its line ends from one checkout to another.
  await tx.execute(
    sql`create table if not exists schema_migrations (
      made_ms bigint primary key, applied_at timestamptz not null default now()
    )`,
  );
  const applied = await tx.execute<{ made_ms: bigint }>(sql`select made_ms from schema_migrations`);
  const known = new Set(applied.map((row) => Number(row.made_ms)));
  for (const migration of outstanding(known)) {
    for (const statement of migration.sql) {
      // The statements are files of this repository; no value of a request comes near them.
      await tx.execute(sql.raw(statement));
    }
    await tx.execute(
      sql`insert into schema_migrations (made_ms) values (${migration.folderMillis})`,
    );
  }
}

/** Names the schema of this version: the moment its last migration was made, in milliseconds. */
export function schemaVersion(): number {
  return Math.max(...outstanding(new Set()).map(({ folderMillis }) => folderMillis));
}

function outstanding(known: ReadonlySet<number>) {
  // Next's bundle, which migrates on a serverless host, knows the URL of a module but no dirname.
  const here = dirname(fileURLToPath(import.meta.url));
  const migrationsFolder = join(here, "../../drizzle/migrations");
  return readMigrationFiles({ migrationsFolder }).filter(
    ({ folderMillis }) => !known.has(folderMillis),
  );
}
