import { getEnv } from "#lib/env.ts";
import { readReadiness } from "./health.ts";

/** What the first page shows: whether requests are served, and where the documents are. */
export interface Welcome {
  isReady: boolean;
  basePath: string;
}

export async function readWelcome(): Promise<Welcome> {
  const { status } = await readReadiness();
  return { isReady: status === "ok", basePath: getEnv().basePath };
}
