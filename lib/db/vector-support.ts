import { getLog } from "#lib/log.ts";
import type { Sql } from "./client.ts";

/** Whether the database can look for near vectors, or why it cannot, as a sentence for people. */
export type VectorSupport = { ready: true; version: string } | { ready: false; reason: string };

/** Bit vectors and `halfvec` came with it. */
const OLDEST = [0, 7] as const;

/** `insufficient_privilege`. */
const NOT_ALLOWED = "42501";

/** Whether pgvector is there, or could be made, without making it. Rejects when the database is away. */
export async function checkVectorSupport(sql: Sql): Promise<VectorSupport> {
  const [row] = await sql<{ installed: string | null; version: string | null }[]>`
    select installed_version as installed, default_version as version
    from pg_available_extensions where name = 'vector'`;
  const version = row?.installed ?? row?.version ?? null;
  if (version === null) {
    return {
      ready: false,
      reason:
        "The database has no pgvector. Install the extension on its server, or use a Postgres that offers it.",
    };
  }
  return isNewEnough(version)
    ? { ready: true, version }
    : {
        ready: false,
        reason: `The database has pgvector ${version}; ${OLDEST.join(".")} or newer is needed.`,
      };
}

/**
 * Makes the extension where it is not there yet. Never throws for a database that has none or does
 * not let us: the reason is the answer. Rejects when the database is away.
 */
export async function enableVectorSupport(sql: Sql): Promise<VectorSupport> {
  const support = await checkVectorSupport(sql);
  if (!support.ready) {
    return support;
  }
  try {
    await sql`create extension if not exists vector`;
    return support;
  } catch (error) {
    getLog().warn({ err: error }, "the extension for vectors could not be made");
    return { ready: false, reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : "";
  return code === NOT_ALLOWED
    ? "The database user may not create pgvector. Have its owner run: create extension vector"
    : "The database could not create pgvector; its log says why.";
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** Whether a version has iterative scans, with which a filtered look-up goes on until it has found enough. */
export function hasIterativeScans(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 0 || minor >= 8;
}
