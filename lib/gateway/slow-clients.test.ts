import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { dropSingleton } from "#lib/singleton.ts";
import { fault, threat } from "#lib/testing/reliability-rows.ts";
import { type ClientLimits, guardSlowClients } from "./slow-clients.ts";

/** The figures of a server are seconds to minutes; here they are as small as a test can wait for. */
const LIMITS: ClientLimits = {
  writeStallMs: 60_000,
  bodyGraceMs: 400,
  bodyBytesPerSecond: 1024,
  strangersPerIp: 5,
  strangerGraceMs: 300,
  sweepMs: 50,
};

let server: Server;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) {
    socket.destroy();
  }
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  delete process.env["TRUSTED_PROXIES"];
  dropSingleton("env");
});

async function serve(limits: Partial<ClientLimits> = {}): Promise<void> {
  server = createServer((request, response) => {
    if (request.url === "/flood") {
      response.write(Buffer.alloc(32 * 1024 * 1024));
    } else if (request.url === "/quiet") {
      response.write("begun");
    } else if (request.url === "/refused") {
      response.writeHead(401).end();
    } else {
      request.resume().once("end", () => response.end("well"));
    }
  });
  guardSlowClients(server, { ...LIMITS, ...limits });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}

interface Client {
  socket: Socket;
  text: () => string;
  isOpen: () => boolean;
  closed: Promise<void>;
}

async function open(bytes = ""): Promise<Client> {
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: "127.0.0.1" });
  sockets.push(socket);
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1").slice(0, 1000);
  });
  socket.on("error", () => socket.destroy());
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.write(bytes);
  return { socket, text: () => text, isOpen: () => !socket.destroyed, closed };
}

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`;
}

function post(length: number): string {
  return `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n\r\n`;
}

describe(fault("F19"), () => {
  it("who reads nothing of what waits for it is cut", async () => {
    await serve({ writeStallMs: 400 });
    const stalled = await open(get("/flood"));
    stalled.socket.pause();
    // A paused socket does not see the end that it was sent; the server does.
    await expect.poll(() => connectionsOf(server), { timeout: 10_000 }).toBe(0);
  });

  it("who reads on, however slowly, is not, and neither is who waits for us", async () => {
    await serve({ writeStallMs: 1000 });
    const slow = await open(get("/flood"));
    const waiting = await open(get("/quiet"));
    const begun = performance.now();
    while (performance.now() - begun < 3000) {
      slow.socket.pause();
      await new Promise((resolve) => setTimeout(resolve, 50));
      slow.socket.resume();
      await new Promise((resolve) => slow.socket.once("data", resolve));
    }
    expect([slow.isOpen(), waiting.isOpen()]).toEqual([true, true]);
  });
});

describe(threat("T25"), () => {
  it("a body that trickles in is refused, with the words for it", async () => {
    await serve();
    const slow = await open(post(10_000));
    const drip = setInterval(() => slow.socket.write("x"), 50);
    await slow.closed;
    clearInterval(drip);
    expect(slow.text()).toContain("HTTP/1.1 408 Request Timeout");
  });

  it("a body that keeps the pace is taken, however long it is", async () => {
    await serve();
    const steady = await open(post(40 * 400));
    for (let sent = 0; sent < 40; sent += 1) {
      steady.socket.write("x".repeat(400));
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await expect.poll(steady.text).toContain("200 OK");
  });

  it("a crowd from one address that says nothing is cut down, the oldest first", async () => {
    await serve();
    const crowd: Client[] = [];
    for (let at = 0; at < 12; at += 1) {
      crowd.push(await open(at % 2 === 0 ? "" : "GET / HTTP/1.1\r\nx-slow: "));
    }
    await Promise.all(crowd.slice(0, 7).map(({ closed }) => closed));
    expect(crowd.map(({ isOpen }) => isOpen())).toEqual([
      ...Array(7).fill(false),
      ...Array(5).fill(true),
    ]);
  });

  it("who was refused is still a stranger; who was answered or is being served is none", async () => {
    await serve({ strangersPerIp: 1 });
    const answered = await Promise.all(Array.from({ length: 4 }, () => open(get("/"))));
    const served = await Promise.all(Array.from({ length: 4 }, () => open(get("/quiet"))));
    const refused = await Promise.all(Array.from({ length: 4 }, () => open(get("/refused"))));
    await Promise.all(refused.slice(0, 3).map(({ closed }) => closed));
    expect([...answered, ...served].every(({ isOpen }) => isOpen())).toBe(true);
    expect(refused.filter(({ isOpen }) => isOpen())).toHaveLength(1);
  });

  it("what comes through a trusted proxy is not counted as one client", async () => {
    process.env["TRUSTED_PROXIES"] = "127.0.0.0/8";
    dropSingleton("env");
    await serve({ strangersPerIp: 1 });
    const through = await Promise.all(Array.from({ length: 6 }, () => open("")));
    const slow = await open(post(10_000));
    // Sweeps have gone over all of them by the time that the body's own limit is reached.
    await slow.closed;
    expect(through.every(({ isOpen }) => isOpen())).toBe(true);
  });
});

function connectionsOf(of: Server): Promise<number> {
  return new Promise((resolve) => of.getConnections((_, count) => resolve(count)));
}
