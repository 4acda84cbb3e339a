import { createHash } from "node:crypto";
import {
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeDatabase, type DatabaseKind, openDatabase } from "#lib/db/client.ts";
import { migrate } from "#lib/db/migrate.ts";
import { startPostgres, type TestPostgres } from "./postgres.ts";

/** A fresh, migrated database, open for this process: `getDb()` and `getSql()` use it. */
export interface TestDatabase {
  kind: DatabaseKind;
  databaseUrl: string | undefined;
  /** A data directory of the test's own, on both kinds. */
  dataDir: string;
  /** The server behind it; undefined on the embedded database. */
  server: TestPostgres | undefined;
  close(): Promise<void>;
}

/** Which store the tests run on: `CONDUIT_TEST_STORE`, embedded when it is not set. */
export function testStore(): DatabaseKind {
  return process.env["CONDUIT_TEST_STORE"] === "postgres" ? "postgres" : "embedded";
}

/** Opens a database of the kind that `CONDUIT_TEST_STORE` names. Close it in `afterAll`. */
export async function openTestDatabase(store = testStore()): Promise<TestDatabase> {
  const dataDir = makeTestDirectory();
  if (store === "embedded") {
    await copyTemplate(dataDir);
    return openAt({ dataDir, server: undefined, databaseUrl: undefined });
  }
  const server = await startPostgres();
  return openAt({ dataDir, server, databaseUrl: await server.createDatabase() });
}

/** An empty directory, short enough for sockets. The caller removes it. */
export function makeTestDirectory(): string {
  return mkdtempSync(join(tmpdir(), "conduit-test-"));
}

interface Place {
  dataDir: string;
  server: TestPostgres | undefined;
  databaseUrl: string | undefined;
}

async function openAt(place: Place): Promise<TestDatabase> {
  await openDatabase(place);
  await migrate();
  return {
    ...place,
    kind: place.server === undefined ? "embedded" : "postgres",
    close: async () => {
      await closeDatabase();
      await place.server?.stop();
      rmSync(place.dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * Puts a migrated embedded database into an empty data directory. Making one takes seconds and
 * copying one takes none, so one is kept between runs, under a name that changes with the
 * migrations and with PGlite.
 */
export async function copyTemplate(dataDir: string): Promise<void> {
  const template = join(tmpdir(), `conduit-template-${process.getuid?.() ?? 0}-${templateHash()}`);
  if (!existsSync(template)) {
    await makeTemplate(template);
  }
  cpSync(template, join(dataDir, "postgres"), {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
  });
}

async function makeTemplate(template: string): Promise<void> {
  const draft = makeTestDirectory();
  await openDatabase({ databaseUrl: undefined, dataDir: draft });
  await migrate();
  await closeDatabase();
  try {
    renameSync(join(draft, "postgres"), template);
  } catch (error) {
    // Another test file made the same one in the meantime.
    if (!existsSync(template)) {
      throw error;
    }
  }
  rmSync(draft, { recursive: true, force: true });
}

function templateHash(): string {
  const hash = createHash("sha256");
  const migrations = join(import.meta.dirname, "../../drizzle/migrations");
  const files = readdirSync(migrations, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const migrator = join(import.meta.dirname, "../db/migrate.ts");
  for (const file of [...files.sort(), migrator]) {
    hash.update(readFileSync(file));
  }
  const require = createRequire(import.meta.url);
  hash.update(readFileSync(require.resolve("@electric-sql/pglite-socket")));
  hash.update(readFileSync(require.resolve("@electric-sql/pglite")));
  return hash.digest("hex").slice(0, 16);
}
