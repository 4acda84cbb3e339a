import { connect } from "node:net";

/** What came back over a socket of the test's own. */
export interface RawReply {
  /** 0 when nothing that looks like HTTP came. */
  status: number;
  text: string;
}

const PATIENCE_MS = 10_000;

/**
 * Sends bytes that no HTTP library would, and reads until the server closes; a server that keeps
 * the connection gets ten seconds, and the test what came until then.
 */
export function sendRaw(port: number, bytes: string | Buffer): Promise<RawReply> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    const done = (): void => {
      clearTimeout(timer);
      socket.destroy();
      const text = Buffer.concat(chunks).toString("latin1");
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text });
    };
    const timer = setTimeout(done, PATIENCE_MS);
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.once("end", done);
    socket.once("error", done);
  });
}

/** One GET in full control of its target and headers; the connection is closed after it. */
export function getRaw(
  port: number,
  target: string,
  headers: readonly string[],
): Promise<RawReply> {
  const lines = [`GET ${target} HTTP/1.1`, ...headers, "connection: close", "", ""];
  return sendRaw(port, Buffer.from(lines.join("\r\n"), "latin1"));
}
