import type { Script } from "./scripts/script.ts";

export type RedisArgument = string | number;

/** One way of reaching a Redis: a socket (`redis`) or Upstash's REST interface (`upstash`). */
export interface RedisTransport {
  readonly kind: "redis" | "upstash";
  /**
   * Sends one command and gives its reply as it came: strings, numbers, `null`, arrays of them.
   * Rejects on an error reply, a lost connection, and when the deadline passes.
   */
  send(command: readonly RedisArgument[]): Promise<unknown>;
  /** Gives up a connection that may be dead without knowing it, and makes a new one. */
  reset(): void;
  close(): void;
}

/** What code that talks to Redis may do with it. */
export interface RedisSession {
  send(command: readonly RedisArgument[]): Promise<unknown>;
  /** Runs a script by its SHA, and by its text where the server does not know it yet. */
  run(script: Script, keys: readonly string[], args: readonly RedisArgument[]): Promise<unknown>;
}

function silence(message: string): Error {
  const error = new Error(message);
  // As `AbortSignal.timeout` names what it throws over REST.
  error.name = "TimeoutError";
  return error;
}

/** Whether a call failed because its deadline passed, and not by an answer or a lost connection. */
export function isSilence(error: unknown): boolean {
  return error instanceof Error && error.name === "TimeoutError";
}

/**
 * A promise that rejects when `call` takes longer than `timeoutMs`. When the timer fires, replies
 * that already lie in the socket are read first (`setImmediate` runs after the poll phase): an event
 * loop that was busy for 50 ms has not made Redis slow.
 */
export function withDeadline<T>(call: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      setImmediate(() => reject(silence(`Redis gave no answer within ${timeoutMs} ms.`)));
    }, timeoutMs);
    call.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

/** Sessions over a transport remember whether the server refuses `EVALSHA`. */
export function openSession(transport: RedisTransport): RedisSession {
  let knowsShas = true;
  return {
    send: (command) => transport.send(command),
    async run(script, keys, args) {
      const tail = [keys.length, ...keys, ...args];
      if (knowsShas) {
        try {
          return await transport.send(["EVALSHA", script.sha, ...tail]);
        } catch (error) {
          const message = String(error);
          if (!message.includes("NOSCRIPT") && !isRefusedCommand(message)) {
            throw error;
          }
          knowsShas = message.includes("NOSCRIPT");
        }
      }
      return transport.send(["EVAL", script.lua, ...tail]);
    },
  };
}

/** In the words of Redis and of the proxies that stand in front of it. */
const REFUSED_COMMAND = /unknown command|unsupported command|command '?evalsha'? is not allowed/i;

/** Proxies and access rules may lack the script commands; `EVAL` alone is enough for us. */
function isRefusedCommand(message: string): boolean {
  return message.includes("NOPERM") || REFUSED_COMMAND.test(message);
}
