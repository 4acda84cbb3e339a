import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import next from "next";
import { getEnv, tellNextOurAddress } from "#lib/env.ts";
import { ConduitError, errorBody } from "#lib/errors.ts";
import { greet, portOf } from "#lib/gateway/greet.ts";
import { handleNode } from "#lib/gateway/node.ts";
import { admitPageRequest, isDecodable } from "#lib/gateway/page-request.ts";
import { markOwnServer } from "#lib/gateway/runtime.ts";
import { shutDown } from "#lib/gateway/shutdown.ts";
import { type Started, start } from "#lib/gateway/start.ts";
import { getLog } from "#lib/log.ts";
import { preparePage } from "#lib/page-headers.ts";

type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

async function main(): Promise<void> {
  const env = getEnv();
  const server = createServer({
    headersTimeout: 15_000,
    requestTimeout: 120_000,
    keepAliveTimeout: 75_000,
    connectionsCheckingInterval: 5_000,
    maxHeaderSize: 32 * 1024,
    // Java's HTTP client offers h2c on every plain request; only pages have anything to upgrade.
    shouldUpgradeCallback: (req) => req.headers.upgrade === "websocket",
  });
  markOwnServer();
  const started = await start();
  const handler = openNext(server, env.hotReload);
  server.on("request", (req, res) => {
    if (handleNode(req, res)) {
      return;
    }
    if (!isDecodable(req.url ?? "/")) {
      res.writeHead(400, { "content-type": "application/json" });
      res.end(JSON.stringify(errorBody(malformedPath())));
      return;
    }
    admitPageRequest(req);
    preparePage(req, res);
    handler
      .then((handle) => handle(req, res))
      .catch((error: unknown) => {
        getLog().error({ err: error }, "a page failed");
        res.destroy();
      });
  });
  await listen(server, env.port, env.host);
  tellNextOurAddress({ host: env.host, port: portOf(server) });
  await handler;
  greet(portOf(server), started);
  endWith(server, started);
}

async function openNext(httpServer: Server, dev: boolean): Promise<Handler> {
  const app = next({ dev, httpServer, dir: import.meta.dirname });
  await app.prepare();
  return app.getRequestHandler();
}

function malformedPath(): ConduitError {
  return new ConduitError("invalid_value", { message: "The path holds a broken percent escape." });
}

function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
}

function endWith(server: Server, started: Started): void {
  const end = (exitCode: number, lameDuck: boolean): void => {
    shutDown(server, started, { lameDuck }).then(
      () => process.exit(exitCode),
      (error: unknown) => {
        getLog().error({ err: error }, "the shutdown failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", () => end(0, getEnv().mode === "production"));
  process.on("SIGINT", () => end(0, false));
  process.on("uncaughtException", (error) => {
    getLog().fatal({ err: error }, "uncaught exception");
    end(1, false);
  });
  process.on("unhandledRejection", (error) => {
    getLog().error({ err: error }, "unhandled rejection");
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
