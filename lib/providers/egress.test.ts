import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isConduitError } from "#lib/errors.ts";
import { publicDispatcher } from "./egress.ts";
import { checkAddress, checkUpstreamUrl, PUBLIC_ONLY, parsePolicy } from "./egress-policy.ts";
import { send } from "./transport.ts";

const CLOSED = parsePolicy([]);

/** Every way to write a loopback, private, link-local or metadata host that a URL parser accepts. */
const FORBIDDEN_HOSTS = [
  "127.0.0.1",
  "127.1",
  "127.0.1",
  "2130706433",
  "0x7f000001",
  "0x7f.0.0.1",
  "0x7f.1",
  "0177.0.0.1",
  "017700000001",
  "127.0.0.1.",
  "127.255.255.254",
  "0.0.0.0",
  "0",
  "0x0",
  "10.0.0.1",
  "10.255.255.255",
  "0x0a000001",
  "167772161",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.0.1",
  "192.168.255.255",
  "3232235521",
  "0xc0a80001",
  "169.254.169.254",
  "169.254.0.1",
  "2852039166",
  "0xa9fea9fe",
  "0251.0376.0251.0376",
  "100.64.0.1",
  "100.100.100.200",
  "192.0.0.192",
  "168.63.129.16",
  "198.18.0.1",
  "224.0.0.1",
  "239.255.255.255",
  "255.255.255.255",
  "240.0.0.1",
  "[::1]",
  "[::]",
  "[0:0:0:0:0:0:0:1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[::ffff:10.0.0.1]",
  "[::ffff:169.254.169.254]",
  "[::ffff:a9fe:a9fe]",
  "[fe80::1]",
  "[fc00::1]",
  "[fd00:ec2::254]",
  "[fd12:3456::1]",
  "[ff02::1]",
  "[64:ff9b::7f00:1]",
  "[64:ff9b::a00:1]",
  "[2002:7f00:1::]",
  "[2002:a00:1::]",
  "[2001:0:1::]",
  "metadata.google.internal",
  "METADATA.google.internal.",
  "%31%32%37.0.0.1",
  "１２７.0.0.1",
  "①②⑦.0.0.1",
];

describe("which base URLs may be called", () => {
  it("refuses every spelling of a private, link-local or metadata address", () => {
    for (const host of FORBIDDEN_HOSTS) {
      for (const url of [`http://${host}/v1`, `https://${host}:8443/v1`]) {
        expect(checkUpstreamUrl(url, CLOSED).allowed, url).toBe(false);
      }
    }
  });

  it("refuses other schemes, credentials in the URL, and what is no URL", () => {
    for (const url of [
      "file:///etc/passwd",
      "ftp://example.com",
      "https://user:pw@example.com",
      "example.com/v1",
      "",
    ]) {
      expect(checkUpstreamUrl(url, CLOSED).allowed, url).toBe(false);
    }
  });

  it("lets public addresses and names pass", () => {
    for (const url of [
      "https://api.openai.com/v1",
      "http://8.8.8.8",
      "https://[2606:4700::1111]/v1",
    ]) {
      expect(checkUpstreamUrl(url, CLOSED).allowed, url).toBe(true);
    }
  });

  it("allows a private network by its CIDR, and link-local in no case", () => {
    const policy = parsePolicy(["10.0.0.0/8", "::1", "169.254.0.0/16", "fe80::/10"]);
    expect(checkUpstreamUrl("http://10.1.2.3:8000/v1", policy).allowed).toBe(true);
    expect(checkUpstreamUrl("http://[::1]:8000/v1", policy).allowed).toBe(true);
    expect(checkUpstreamUrl("http://192.168.1.1/v1", policy).allowed).toBe(false);
    expect(checkUpstreamUrl("http://169.254.169.254/", policy).allowed).toBe(false);
    expect(checkUpstreamUrl("http://[fe80::1]/", policy).allowed).toBe(false);
  });

  it("allows the private addresses of a listed host name, and of no other", () => {
    const policy = parsePolicy(["ollama.internal"]);
    expect(checkAddress("10.0.0.5", "ollama.internal", policy).allowed).toBe(true);
    expect(checkAddress("10.0.0.5", "other.internal", policy).allowed).toBe(false);
    expect(checkAddress("169.254.169.254", "ollama.internal", policy).allowed).toBe(false);
  });
});

describe("connections to addresses that callers name", () => {
  let server: Server;
  let hits = 0;
  beforeAll(async () => {
    server = createServer((_, res) => {
      hits += 1;
      res.end("internal");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => void server.close());

  it("never reach this machine, neither by literal nor by a name that resolves to it", async () => {
    const { port } = server.address() as AddressInfo;
    expect(PUBLIC_ONLY.networks).toEqual([]);
    for (const host of ["127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]", "2130706433"]) {
      const failure = await send({
        dispatcher: publicDispatcher(),
        method: "GET",
        url: new URL(`http://${host}:${port}/`),
        headers: {},
        firstByteMs: 2000,
        idleMs: 2000,
        signal: new AbortController().signal,
      }).catch((error: unknown) => error);
      expect(isConduitError(failure) && failure.code, host).toBe("upstream_refused_address");
    }
    expect(hits).toBe(0);
  });
});
