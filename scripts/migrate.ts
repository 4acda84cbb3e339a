import { closeDatabase, databaseKind, openDatabase } from "#lib/db/client.ts";
import { migrate } from "#lib/db/migrate.ts";
import { getEnv } from "#lib/env.ts";

/** Brings the database up to date without starting the server, for deployments that do it apart. */
await openDatabase(getEnv());
try {
  await migrate();
  console.log(`The ${databaseKind()} database is up to date.`);
} finally {
  await closeDatabase();
}
