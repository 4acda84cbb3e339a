import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Pool } from "undici";

/**
 * The least that a proxy of this kind can do, and so the measure of what a gateway adds: take the
 * request, send it on with another key, and pass the answer back as it comes, with backpressure. It
 * parses nothing, checks nothing and counts nothing.
 */
const upstream = process.argv[2] ?? "";
const pool = new Pool(upstream, { connections: 256, pipelining: 1 });

const server = createServer({ keepAliveTimeout: 600_000, noDelay: true }, (request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    pool
      .stream(
        {
          method: "POST",
          path: request.url ?? "/",
          headers: { "content-type": "application/json", authorization: "Bearer upstream-key" },
          body: Buffer.concat(parts),
        },
        ({ statusCode, headers }) => {
          const { connection: _connection, "transfer-encoding": _encoding, ...rest } = headers;
          return response.writeHead(statusCode, rest);
        },
      )
      .catch(() => response.destroy());
  });
});

server.listen(0, "127.0.0.1", () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on("disconnect", () => process.exit(0));
