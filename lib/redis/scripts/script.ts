import { createHash } from "node:crypto";

/** A Lua script and the SHA-1 by which Redis knows it once it has run. */
export interface Script {
  readonly lua: string;
  readonly sha: string;
}

export function defineScript(lua: string): Script {
  return { lua, sha: createHash("sha1").update(lua).digest("hex") };
}
