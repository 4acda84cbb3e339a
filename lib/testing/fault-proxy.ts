import { type AddressInfo, createServer, connect as dial, type Socket } from "node:net";

/** What the proxy does to the bytes that pass; changes take hold at once, for open connections too. */
export interface Faults {
  /** Milliseconds that each chunk waits, in both directions; the order is kept. */
  latencyMs: number;
  /** Accepts connections and bytes and passes nothing on. */
  blackHole: boolean;
  /** New connections are reset, and open ones too. */
  refuse: boolean;
  /** Passes on writes of at most this many bytes; 0 leaves them as they are. */
  sliceBytes: number;
  /** Breaks a connection as soon as a chunk from the client fulfils this, after passing it on. */
  cutAfter: ((chunk: Buffer) => boolean) | undefined;
}

export interface FaultProxy {
  port: number;
  /** Changes what happens from now on; what is not named stays. */
  set: (faults: Partial<Faults>) => void;
  /** Breaks every open connection with a reset. */
  resetAll: () => void;
  /** Connections that clients opened since the start. */
  accepted: () => number;
  /** Connections that are open now. */
  open: () => number;
  close: () => Promise<void>;
}

const HEALTHY: Faults = {
  latencyMs: 0,
  blackHole: false,
  refuse: false,
  sliceBytes: 0,
  cutAfter: undefined,
};

/**
 * A TCP proxy on 127.0.0.1 in front of a store or an upstream, whose network a test can spoil: late,
 * silent, in slices, cut at a chosen byte.
 */
export async function startFaultProxy(target: {
  host?: string;
  port: number;
}): Promise<FaultProxy> {
  const faults: Faults = { ...HEALTHY };
  const pairs = new Set<readonly [Socket, Socket]>();
  let accepted = 0;
  const server = createServer({ noDelay: true }, (client) => {
    accepted += 1;
    if (faults.refuse) {
      client.resetAndDestroy();
      return;
    }
    const upstream = dial({ host: target.host ?? "127.0.0.1", port: target.port, noDelay: true });
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of pair) {
      socket.on("error", end).on("close", end);
    }
    carry({ from: client, to: upstream, faults, afterChunk: cutter(faults, pair) });
    carry({ from: upstream, to: client, faults, afterChunk: () => undefined });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const resetAll = () => {
    for (const pair of pairs) {
      for (const socket of pair) {
        socket.resetAndDestroy();
      }
    }
  };
  return {
    // A TCP server that listens on a port has an address object.
    port: (server.address() as AddressInfo).port,
    set: (change) => {
      Object.assign(faults, change);
      if (change.refuse === true) {
        resetAll();
      }
    },
    resetAll,
    accepted: () => accepted,
    open: () => pairs.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        resetAll();
      }),
  };
}

function cutter(faults: Faults, pair: readonly [Socket, Socket]): (chunk: Buffer) => void {
  return (chunk) => {
    if (faults.cutAfter?.(chunk) === true) {
      // What was passed on has to leave first: a reset throws away what is still queued.
      setTimeout(() => {
        for (const socket of pair) {
          socket.resetAndDestroy();
        }
      }, 5);
    }
  };
}

function carry(way: {
  from: Socket;
  to: Socket;
  faults: Faults;
  afterChunk: (chunk: Buffer) => void;
}): void {
  const { from, to, faults } = way;
  // Late chunks are queued behind each other: a changed latency must not reorder the bytes.
  let last = Promise.resolve();
  from.on("data", (chunk: Buffer) => {
    if (faults.blackHole) {
      return;
    }
    const late = faults.latencyMs;
    from.pause();
    last = last
      .then(() => (late === 0 ? undefined : new Promise<void>((done) => setTimeout(done, late))))
      .then(() => pass(to, chunk, faults.sliceBytes))
      .then(() => {
        way.afterChunk(chunk);
        from.resume();
      });
  });
  from.on("end", () => void last.then(() => to.end()));
}

async function pass(to: Socket, chunk: Buffer, sliceBytes: number): Promise<void> {
  const size = sliceBytes === 0 ? chunk.length : sliceBytes;
  for (let at = 0; at < chunk.length && !to.destroyed; at += size) {
    await new Promise<void>((resolve) => {
      to.once("close", resolve);
      to.write(chunk.subarray(at, at + size), () => {
        to.off("close", resolve);
        resolve();
      });
    });
  }
}
