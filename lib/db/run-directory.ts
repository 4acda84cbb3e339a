import { createHash } from "node:crypto";
import { lstatSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * The kernel keeps a socket's path in 108 bytes on Linux and 104 on macOS; the longest name that is
 * put into the directory takes 32 of them.
 */
const MAX_DIRECTORY_BYTES = 70;

/**
 * The directory for the sockets of one data directory: `<data>/run`, or one under the system's
 * temporary directory when that path is too long for a socket. Only this user may enter it: who can
 * connect to the database's socket owns the database.
 */
export function makeRunDirectory(dataDir: string): string {
  const directory = runDirectoryOf(dataDir);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const found = lstatSync(directory);
  const mine = process.getuid === undefined || found.uid === process.getuid();
  if (!found.isDirectory() || !mine || (found.mode & 0o077) !== 0) {
    // In a temporary directory that all users share, somebody else may have made it first.
    throw new Error(`${directory} must be a directory that only this user can enter (mode 0700).`);
  }
  return directory;
}

function runDirectoryOf(dataDir: string): string {
  const absolute = resolve(dataDir);
  const inside = join(absolute, "run");
  if (Buffer.byteLength(inside) <= MAX_DIRECTORY_BYTES) {
    return inside;
  }
  const name = createHash("sha256").update(absolute).digest("hex").slice(0, 16);
  return join(tmpdir(), `conduit-${name}`);
}
