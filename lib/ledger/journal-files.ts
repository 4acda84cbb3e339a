import { mkdirSync } from "node:fs";
import { readdir, rm, unlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { makeRunDirectory } from "#lib/db/run-directory.ts";

/**
 * The files of a journal directory, `<boot id>-<n>.ndjson`, and who owns them. A process owns the
 * files of its boot id as long as its unix socket accepts connections: the kernel closes it with the
 * process, which a pid file cannot promise in containers, where every process is number 1.
 */
export interface BootClaim {
  release(): Promise<void>;
}

const SEGMENT = /^([0-9a-f-]{36})-(\d{1,9})\.ndjson$/;

/**
 * Makes the directory and marks a boot id as alive until the process ends or the claim is released.
 * No file of the boot exists before its socket answers, so nobody can take it for a dead one's.
 */
export async function claimBoot(directory: string, bootId: string): Promise<BootClaim> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = socketPath(directory, bootId);
  const server = createServer((socket) => socket.destroy());
  await listen(server, path);
  server.unref();
  return {
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => resolve());
  });
}

/**
 * Whether the process of a boot id still runs. Only a refused connection or a missing socket say no;
 * anything else might be a living owner.
 */
export function isBootAlive(directory: string, bootId: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath(directory, bootId));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code !== "ECONNREFUSED" && error.code !== "ENOENT");
    });
  });
}

/** Removes the socket that a dead process left. */
export async function forgetBoot(directory: string, bootId: string): Promise<void> {
  await rm(socketPath(directory, bootId), { force: true });
}

function socketPath(directory: string, bootId: string): string {
  // The last twelve digits of a UUIDv7 are random; the whole id would make the path too long.
  return join(makeRunDirectory(directory), `${bootId.slice(-12)}.sock`);
}

export function segmentPath(directory: string, bootId: string, index: number): string {
  return join(directory, `${bootId}-${index}.ndjson`);
}

/** The segments of every boot, each boot's in the order in which they were written. */
export async function listSegments(directory: string): Promise<Map<string, string[]>> {
  const found: { bootId: string; index: number; path: string }[] = [];
  for (const name of await readdir(directory)) {
    const [, bootId, index] = SEGMENT.exec(name) ?? [];
    if (bootId !== undefined) {
      found.push({ bootId, index: Number(index), path: join(directory, name) });
    }
  }
  found.sort((a, b) => a.index - b.index);
  const boots = new Map<string, string[]>();
  for (const { bootId, path } of found) {
    const paths = boots.get(bootId) ?? [];
    paths.push(path);
    boots.set(bootId, paths);
  }
  return boots;
}

/** Deletes a file that may be gone already: two replicas may have replayed the same one. */
export async function removeFile(path: string): Promise<void> {
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") {
      throw error;
    }
  });
}
