import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import next from "next";
import { getEnv, tellNextOurAddress } from "#lib/env.ts";
import { ConduitError, errorBody, errorHeaders } from "#lib/errors.ts";
import { limitConnections } from "#lib/gateway/descriptors.ts";
import { greet, portOf } from "#lib/gateway/greet.ts";
import { watchLifetime } from "#lib/gateway/lifetime.ts";
import { handleNode } from "#lib/gateway/node.ts";
import { admitPageRequest, isDecodable } from "#lib/gateway/page-request.ts";
import { startPulse } from "#lib/gateway/pulse.ts";
import { markOwnServer } from "#lib/gateway/runtime.ts";
import { CLIENT_LIMITS, guardSlowClients } from "#lib/gateway/slow-clients.ts";
import { start } from "#lib/gateway/start.ts";
import { getLog } from "#lib/log.ts";
import { preparePage } from "#lib/page-headers.ts";

type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

async function main(): Promise<void> {
  const env = getEnv();
  const lifetime = watchLifetime();
  const server = createServer({
    headersTimeout: 15_000,
    requestTimeout: 120_000,
    keepAliveTimeout: 75_000,
    connectionsCheckingInterval: 5_000,
    maxHeaderSize: 32 * 1024,
    // Java's HTTP client offers h2c on every plain request, and nothing here has anything to upgrade
    // but the pages under development: what is not taken up is answered as a plain request.
    shouldUpgradeCallback: (req) => env.hotReload && req.headers.upgrade === "websocket",
  });
  guardSlowClients(server, { ...CLIENT_LIMITS, writeStallMs: env.writeStallSeconds * 1000 });
  markOwnServer();
  // Pages come when everything has started; the door is opened earlier where that has to wait.
  let pages: Promise<Handler> | undefined;
  server.on("request", (req, res) => {
    if (handleNode(req, res)) {
      return;
    }
    if (pages === undefined) {
      refuse(res, starting());
      return;
    }
    if (!isDecodable(req.url ?? "/")) {
      refuse(res, malformedPath());
      return;
    }
    admitPageRequest(req);
    preparePage(req, res);
    pages
      .then((handle) => handle(req, res))
      .catch((error: unknown) => {
        getLog().error({ err: error }, "a page failed");
        res.destroy();
      });
  });
  const started = await start({ onWaiting: () => listen(server, env.port, env.host) });
  if (!lifetime.begin(server, started)) {
    return;
  }
  pages = openNext(server, env.hotReload);
  await listen(server, env.port, env.host);
  limitConnections(server);
  tellNextOurAddress({ host: env.host, port: portOf(server) });
  await pages;
  startPulse();
  greet(portOf(server), started);
}

async function openNext(httpServer: Server, dev: boolean): Promise<Handler> {
  const app = next({ dev, httpServer, dir: import.meta.dirname });
  await app.prepare();
  return app.getRequestHandler();
}

function refuse(res: ServerResponse, error: ConduitError): void {
  res.writeHead(error.status, { "content-type": "application/json", ...errorHeaders(error) });
  res.end(JSON.stringify(errorBody(error)));
}

function starting(): ConduitError {
  return new ConduitError("not_ready", {
    message: "The gateway is starting.",
    retryAfterMs: 1_000,
  });
}

function malformedPath(): ConduitError {
  return new ConduitError("invalid_value", { message: "The path holds a broken percent escape." });
}

function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  if (server.listening) {
    return Promise.resolve();
  }
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

main().catch((error: unknown) => {
  const exitCode = error instanceof Error && "exitCode" in error ? Number(error.exitCode) : 1;
  const text = isPortTaken(error)
    ? `Port ${getEnv().port} is taken by another program. Choose another one with PORT=8001.`
    : error instanceof Error
      ? error.message
      : String(error);
  process.stderr.write(`Conduit cannot start: ${text}\n`);
  if (exitCode === 1 && !isPortTaken(error)) {
    getLog().fatal({ err: error }, "start failed");
  }
  process.exit(exitCode);
});
