import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import next from "next";
import { getEnv } from "#lib/env.ts";
import { ConduitError, errorBody } from "#lib/errors.ts";
import { clientIp } from "#lib/gateway/exchange.ts";
import { handleNode } from "#lib/gateway/node.ts";
import { markOwnServer } from "#lib/gateway/runtime.ts";
import { shutDown } from "#lib/gateway/shutdown.ts";
import { type Started, start } from "#lib/gateway/start.ts";
import { getLog } from "#lib/log.ts";

type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/** Headers by which Next talks to itself; from outside they are only ever an attack. */
const INTERNAL_HEADERS = /^(?:x-middleware-|x-nextjs-|x-next-|next-resume)/;

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
      // Next would answer 500 before any route of ours runs.
      res.writeHead(400, { "content-type": "application/json" });
      res.end(JSON.stringify(errorBody(malformedPath())));
      return;
    }
    dropInternalHeaders(req);
    tellClientIp(req);
    handler
      .then((handle) => handle(req, res))
      .catch((error: unknown) => {
        getLog().error({ err: error }, "a page failed");
        res.destroy();
      });
  });
  await listen(server, env.port, env.host);
  await handler;
  greet(server, started);
  endWith(server, started);
}

async function openNext(httpServer: Server, dev: boolean): Promise<Handler> {
  const app = next({ dev, httpServer, dir: import.meta.dirname });
  await app.prepare();
  return app.getRequestHandler();
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split("?")[0] ?? "");
    return true;
  } catch {
    return false;
  }
}

function malformedPath(): ConduitError {
  return new ConduitError("invalid_value", { message: "The path holds a broken percent escape." });
}

function dropInternalHeaders(req: IncomingMessage): void {
  for (const name of Object.keys(req.headers)) {
    if (INTERNAL_HEADERS.test(name)) {
      delete req.headers[name];
    }
  }
}

/** Route handlers cannot see the socket; they read the client's address from this header. */
function tellClientIp(req: IncomingMessage): void {
  const forwarded = req.headers["x-forwarded-for"];
  const hops = Array.isArray(forwarded) ? forwarded.join(", ") : forwarded;
  req.headers["x-conduit-client-ip"] = clientIp(req.socket.remoteAddress, hops) ?? "";
}

function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
}

/** Secrets that were made at this start are shown here once and nowhere again. */
function greet(server: Server, { secrets }: Started): void {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : getEnv().port;
  const url = getEnv().publicUrl ?? `http://localhost:${port}${getEnv().basePath}`;
  const lines = [`Conduit is ready at ${url}`, `  API reference  ${url}/docs`];
  if (secrets.generated.includes("CONDUIT_ADMIN_KEY")) {
    lines.push(`  Admin key      ${secrets.adminKey.reveal()}  (shown once; keep it)`);
  } else if (getEnv().adminKey === undefined && getEnv().mode === "production") {
    lines.push(`  Admin key      in ${getEnv().dataDir}/secrets.json`);
  }
  process.stdout.write(`${lines.join("\n")}\n`);
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
