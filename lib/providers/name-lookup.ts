import { ADDRCONFIG, lookup as dnsLookup, type LookupAddress, type LookupOptions } from "node:dns";
import { ConduitError } from "#lib/errors.ts";
import { singleton } from "#lib/singleton.ts";

/** A name's addresses as a resolver tells them, in the form of `dns.lookup` with `all`. */
export type LookupAll = (
  host: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const DEADLINE_MS = 2000;
/** How long addresses are used again after the resolver has failed. */
const KEPT_MS = 5 * 60_000;
const MAX_NAMES = 1000;

interface Answered {
  addresses: LookupAddress[];
  atMs: number;
}

/**
 * Names become addresses. Each look-up by the system takes one of the few threads that the journal
 * writes with too, so a name that is being asked for is not asked for again. A resolver that fails or
 * is late costs two seconds at most, and what it said last counts for another five minutes.
 */
export class NameLookup {
  readonly #nowMs: () => number;
  readonly #pending = new Map<string, Promise<LookupAddress[]>>();
  /** In the order of their answers, oldest first. */
  readonly #answered = new Map<string, Answered>();

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Every address of a name. Throws `upstream_unreachable` when there is none in time. */
  async resolve(host: string): Promise<LookupAddress[]> {
    try {
      return await inTime(this.#ask(host), host);
    } catch (error) {
      const last = this.#answered.get(host);
      if (last !== undefined && this.#nowMs() - last.atMs <= KEPT_MS) {
        return last.addresses;
      }
      throw error;
    }
  }

  #ask(host: string): Promise<LookupAddress[]> {
    const asked = this.#pending.get(host);
    if (asked !== undefined) {
      return asked;
    }
    const answer = lookUp(host).then((addresses) => {
      this.#keep(host, addresses);
      return addresses;
    });
    this.#pending.set(host, answer);
    const forget = () => this.#pending.delete(host);
    answer.then(forget, forget);
    return answer;
  }

  #keep(host: string, addresses: LookupAddress[]): void {
    this.#answered.delete(host);
    this.#answered.set(host, { addresses, atMs: this.#nowMs() });
    const [oldest] = this.#answered.keys();
    if (this.#answered.size > MAX_NAMES && oldest !== undefined) {
      this.#answered.delete(oldest);
    }
  }
}

/** The names of this process, shared by all copies of this module. */
export function getNames(): NameLookup {
  return singleton("egress.names", () => new NameLookup());
}

function lookUp(host: string): Promise<LookupAddress[]> {
  // As the system does it, unless somebody has set another way before.
  const lookup = singleton<LookupAll>("egress.lookup", () => dnsLookup);
  return new Promise((resolve, reject) => {
    lookup(host, { all: true, hints: ADDRCONFIG }, (error, addresses) => {
      if (error === null && addresses.length > 0) {
        resolve(addresses);
      } else {
        reject(
          unresolved(
            `The provider's host name has no address (${error?.code ?? "ENODATA"}).`,
            error,
          ),
        );
      }
    });
  });
}

async function inTime<T>(answer: Promise<T>, host: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(
      unresolved(`The provider's host name was not resolved within ${DEADLINE_MS / 1000} s.`, host),
    );
  }, DEADLINE_MS);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function unresolved(message: string, cause: unknown): ConduitError {
  return new ConduitError("upstream_unreachable", {
    message,
    upstream: { kind: "network" },
    cause,
  });
}
