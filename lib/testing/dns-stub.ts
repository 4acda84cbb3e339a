import { createSocket, type RemoteInfo } from "node:dgram";
import { type LookupAddress, type LookupOptions, Resolver } from "node:dns";

/** A name server on 127.0.0.1 that answers every A question with what the test says, TTL 0. */
export interface DnsStub {
  /** Questions of type A that it has answered. */
  answered: () => number;
  /** Resolves names by this server and nothing else; fits where `dns.lookup` is used. */
  lookup: (
    host: string,
    options: LookupOptions & { all: true },
    callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
  ) => void;
  close: () => Promise<void>;
}

const TYPE_A = 1;
const HEADER_BYTES = 12;

/** Starts it. `next` gives the IPv4 addresses of the next answer; `index` counts from 0. */
export async function startDnsStub(next: (index: number) => readonly string[]): Promise<DnsStub> {
  const server = createSocket("udp4");
  let answered = 0;
  server.on("message", (question: Buffer, from: RemoteInfo) => {
    const isA = question.readUInt16BE(endOfName(question)) === TYPE_A;
    const addresses = isA ? next(answered) : [];
    answered += isA ? 1 : 0;
    server.send(answerTo(question, addresses), from.port, from.address);
  });
  await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
  const resolver = new Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  return {
    answered: () => answered,
    lookup: (host, _options, callback) => {
      resolver.resolve4(host, (error, addresses) => {
        callback(
          error,
          (error === null ? addresses : []).map((address) => ({ address, family: 4 })),
        );
      });
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Where the name of the one question ends: there its type stands. */
function endOfName(question: Buffer): number {
  let at = HEADER_BYTES;
  while (question[at] !== 0 && at < question.length) {
    at += (question[at] ?? 0) + 1;
  }
  return at + 1;
}

function answerTo(question: Buffer, addresses: readonly string[]): Buffer {
  const asked = question.subarray(HEADER_BYTES, endOfName(question) + 4);
  const header = Buffer.from(question.subarray(0, HEADER_BYTES));
  // A reply without an error, recursion asked for and available; one question.
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  header.writeUInt16BE(0, 8);
  header.writeUInt16BE(0, 10);
  const records = addresses.map((address) =>
    // The name as a pointer to the question, type A, class IN, TTL 0, four bytes.
    Buffer.from([
      0xc0,
      HEADER_BYTES,
      0,
      1,
      0,
      1,
      0,
      0,
      0,
      0,
      0,
      4,
      ...address.split(".").map(Number),
    ]),
  );
  return Buffer.concat([header, asked, ...records]);
}
