import type { Ratelimit } from "@upstash/ratelimit";
import type { RedisClient } from "./client.ts";
import { defineScript, type Script } from "./scripts/script.ts";

/** What `@upstash/ratelimit` calls of the client that it is given. */
type LimiterRedis = ConstructorParameters<typeof Ratelimit>[0]["redis"] & {
  /** Called when `evalsha` rejects with NOSCRIPT; the library's type leaves it out. */
  eval(lua: string, keys: string[], args: (string | number)[]): Promise<unknown>;
};

/** Upstash runs scripts with this flag side by side; Redis itself refuses to load them. */
const UPSTASH_FLAG = /^#!lua flags=allow-key-locking\n/;

/** The arguments of the library's one script that we use: limit, present time, window, increment. */
type WindowArguments = (string | number)[];

/**
 * The library cuts windows by the clock of this machine; here they are moved to those of the clock
 * that all replicas share. Its keys end with the number of their window.
 */
function inSharedWindow(
  keys: readonly string[],
  args: WindowArguments,
  nowMs: number,
): { keys: string[]; args: WindowArguments } {
  const [limit = 0, , windowMs = 1, ...rest] = args;
  const present = Math.floor(nowMs / Number(windowMs));
  return {
    keys: keys.map((key, back) => key.replace(/\d+$/, String(present - back))),
    args: [limit, nowMs, windowMs, ...rest],
  };
}

/**
 * The limiter's client on top of ours, with its breaker and deadlines. Its scripts are sent to Redis
 * without Upstash's first line, which changes their SHA: the library's own SHA stays the name under
 * which it asks for them. It is told that a script is unknown until it has shown its text once.
 */
export function adaptForRatelimit(client: RedisClient, now: () => number): LimiterRedis {
  const scripts = new Map<string, Script>();
  const learn = (lua: string): Script => {
    const script = defineScript(client.kind === "upstash" ? lua : lua.replace(UPSTASH_FLAG, ""));
    scripts.set(defineScript(lua).sha, script);
    return script;
  };
  const run = (script: Script, keys: string[], args: WindowArguments): Promise<unknown> => {
    const moved = inSharedWindow(keys, args, now());
    return client.run(script, moved.keys, moved.args);
  };
  const adapter = {
    async evalsha(sha: string, keys: string[], args: (string | number)[]): Promise<unknown> {
      const script = scripts.get(sha);
      if (script === undefined) {
        throw new Error("NOSCRIPT The text of this script has not been seen yet.");
      }
      return run(script, keys, args);
    },
    eval: (lua: string, keys: string[], args: (string | number)[]) => run(learn(lua), keys, args),
    get: (key: string) => client.send(["GET", key]),
    set: (key: string, value: string | number) => client.send(["SET", key, value]),
  };
  // The library types its client as the whole of `@upstash/redis`, of which it uses these four.
  return adapter as unknown as LimiterRedis;
}
