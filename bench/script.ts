import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** Starts a script of ours that tells its port, as a process of its own. */
export async function startScript(
  file: string,
  ...args: string[]
): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(new URL(file, import.meta.url), args, { execArgv: [] });
  const [message] = await once(child, "message");
  return { child, url: `http://127.0.0.1:${(message as { port: number }).port}` };
}
