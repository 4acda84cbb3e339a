import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeAuthority, type TestCertificate } from "#lib/testing/certificates.ts";
import { chatReply } from "#lib/testing/openai-replies.ts";
import { freePort } from "#lib/testing/process.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { byTier, tier } from "#lib/testing/tier.ts";
import { errorOf } from "./client.ts";
import { expectHealthy, HEALTHY_COST_USD, Scripts, upstreamWorlds } from "./scripted.ts";
import { type FaultWorld, startFaultWorld } from "./world.ts";

const authority = makeAuthority();
const strangers = makeAuthority();
const authorityFile = join(tmpdir(), `conduit-authority-${process.pid}.pem`);
const DAY_MS = 86_400_000;

describe.each(upstreamWorlds())("connections to upstreams: $store, $door door", (options) => {
  let world: FaultWorld;
  let scripts: Scripts;
  const servers: Server[] = [];

  beforeAll(async () => {
    writeFileSync(authorityFile, authority.cert);
    world = await startFaultWorld({ ...options, env: { NODE_EXTRA_CA_CERTS: authorityFile } });
    scripts = await Scripts.open(world);
  });

  afterAll(async () => {
    await scripts?.close();
    await world?.close();
    for (const server of servers) {
      server.close();
    }
    rmSync(authorityFile, { force: true });
  });

  async function listen(server: Server): Promise<number> {
    servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  /**
   * Asks each bad target with a healthy one behind it, and alone; says for each how the caller was
   * told, and how its tries ended.
   */
  async function expectFallbacks(apiBases: readonly string[], fields: object = {}) {
    const asked = await Promise.all(
      apiBases.map(async (apiBase) => {
        const bad = { fields: { api_base: apiBase, ...fields } };
        const rescued = await scripts.add(() => ({}), { ...bad, hasSpare: true });
        const alone = await scripts.add(() => ({}), bad);
        return await Promise.all([
          scripts.ask(rescued.model, false),
          scripts.ask(rescued.model, true),
          scripts.ask(alone.model, true),
        ]);
      }),
    );
    await scripts.finish({ costUsd: 2 * apiBases.length * HEALTHY_COST_USD });
    const told: string[][] = [];
    for (const [whole, stream, lost] of asked) {
      expectHealthy(whole);
      expectHealthy(stream);
      expect(lost.headers.get("x-should-retry")).toBe("false");
      const detail = await scripts.detail(lost);
      expect(detail).toMatchObject({ outcome: "provider_error", cost_usd: "0" });
      const endings = detail.attempt_list.map(({ ended }) => ended);
      expect((await scripts.detail(whole)).attempt_list.map(({ ended }) => ended)).toEqual([
        endings[0],
        "ok",
      ]);
      told.push([errorOf(lost)?.code ?? "", ...endings]);
    }
    return told;
  }

  it(`${fault("F1")}: another target answers; without one it is 502, and the breaker opens`, async () => {
    const dead = `http://127.0.0.1:${await freePort()}/v1`;
    const tries = ["network", "network", "network"];
    expect(await expectFallbacks([dead])).toEqual([["upstream_unreachable", ...tries]]);
    const alone = await scripts.add(() => ({}), { fields: { api_base: dead } });
    const first = await scripts.ask(alone.model, false);
    expect(first).toMatchObject({ status: 502, ending: "json" });
    expect(await scripts.ask(alone.model, false)).toMatchObject({ status: 502 });
    await scripts.finish({ costUsd: 0 });
    const { attempt_list: made } = await scripts.detail(first);
    expect(made.map(({ ended }) => ended)).toEqual(tries);
    const deployment = await world.gateway.admin(
      "GET",
      `/models/deployments/${alone.deploymentId}`,
    );
    expect(deployment["health"]).toMatchObject({ state: "open" });
  });

  function serve(certificate: TestCertificate): Promise<number> {
    const body = JSON.stringify(chatReply("over TLS, all is healthy").json);
    return listen(
      createTlsServer(certificate, (_, res) =>
        res.writeHead(200, { "content-type": "application/json" }).end(body),
      ),
    );
  }

  it(`${fault("F3")}: a certificate is asked for once, the next target answers, nothing is downgraded`, async () => {
    const names = ["127.0.0.1"];
    const good = await serve(authority.issue({ names }));
    const fine = await scripts.add(() => ({}), {
      fields: { api_base: `https://127.0.0.1:${good}/v1` },
    });
    expectHealthy(await scripts.ask(fine.model, false));
    await scripts.finish({ costUsd: HEALTHY_COST_USD });
    const bad = [
      authority.issue({ names, notAfter: new Date(Date.now() - DAY_MS / 2) }),
      authority.issue({ names, notBefore: new Date(Date.now() + DAY_MS) }),
      authority.issue({ names: ["somewhere.example"] }),
      strangers.issue({ names }),
    ];
    const ports = await Promise.all(bad.map(serve));
    const told = await expectFallbacks(ports.map((port) => `https://127.0.0.1:${port}/v1`));
    expect(told).toEqual(bad.map(() => ["upstream_unreachable", "certificate"]));
  });

  it(`${fault("F3")}: a handshake that breaks, or never comes to its end, is a failed connection`, async () => {
    const breaking = createServer((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const plain = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const silent = createServer((socket) => socket.resume());
    const bad = byTier({ quick: [breaking, plain], all: [breaking, plain, silent] });
    const ports = await Promise.all(bad.map(listen));
    const told = await expectFallbacks(ports.map((port) => `https://127.0.0.1:${port}/v1`));
    const tries = ["network", "network", "network"];
    expect(told).toEqual(bad.map(() => ["upstream_unreachable", ...tries]));
  });

  it(`${fault("F4")}: a connection that brings nothing is given up at the deployment's own limit`, async () => {
    const silent = await listen(createServer((socket) => socket.resume()));
    const headOnly = await listen(
      createServer((socket) => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n");
      }),
    );
    const bases = [silent, headOnly].map((port) => `http://127.0.0.1:${port}/v1`);
    const told = await expectFallbacks(bases, { timeout_ms: 250 });
    expect(told).toEqual(bases.map(() => ["upstream_timeout", "timeout", "timeout"]));
  });

  it.runIf(tier() === "all" && process.platform === "linux")(
    `${fault("F4")}: a host that takes no connection costs three seconds`,
    async () => {
      const hole = await openBlackHole();
      const began = performance.now();
      const told = await expectFallbacks([`http://127.0.0.1:${hole.port}/v1`]);
      expect(told).toEqual([["upstream_unreachable", "network", "network", "network"]]);
      // Three tries of three seconds each, and as much again for a busy machine.
      expect(performance.now() - began).toBeLessThan(30_000);
      hole.close();
    },
  );

  it(`${fault("F17")}: is asked again at once on a new connection, and the log says so`, async () => {
    const port = await listen(createServer(answerOnce));
    const kept = await scripts.add(() => ({}), {
      fields: { api_base: `http://127.0.0.1:${port}/v1` },
      hasSpare: true,
    });
    for (let round = 0; round < 2; round += 1) {
      expectHealthy(await scripts.ask(kept.model, false));
      const again = await scripts.ask(kept.model, false);
      expectHealthy(again);
      expect(again.headers.get("x-conduit-attempts")).toBe("2");
      await scripts.finish({ costUsd: 2 * HEALTHY_COST_USD });
      const { attempt_list: attempts } = await scripts.detail(again);
      expect(attempts.map(({ ended }) => ended)).toEqual(["maybe_double_billed", "ok"]);
      expect(new Set(attempts.map(({ deployment }) => deployment)).size).toBe(1);
    }
  });
});

/** Answers the first request of each connection, and closes it at the second without a word. */
function answerOnce(socket: Socket): void {
  const body = JSON.stringify(chatReply("well and healthy").json);
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  let requests = 0;
  let sent = "";
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    sent += chunk.toString("latin1");
    if (sent.endsWith("}")) {
      sent = "";
      requests += 1;
      if (requests > 1) {
        socket.destroy();
      } else {
        socket.write(`${head}\r\n\r\n${body}`);
      }
    }
  });
}

/** A port whose queue of connections is full: the system answers no more of them. Linux only. */
async function openBlackHole(): Promise<{ port: number; close: () => void }> {
  const script =
    "const s=require('net').createServer();s.listen({port:0,host:'127.0.0.1',backlog:1},()=>console.log(s.address().port))";
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "ignore"] });
  const [text] = (await once(child.stdout, "data")) as [Buffer];
  const port = Number(text.toString());
  child.kill("SIGSTOP");
  const fillers = Array.from({ length: 8 }, () =>
    connect({ port, host: "127.0.0.1" }).on("error", () => undefined),
  );
  await once(fillers[0] ?? child, "connect");
  return {
    port,
    close: () => {
      for (const filler of fillers) {
        filler.destroy();
      }
      child.kill("SIGKILL");
    },
  };
}
