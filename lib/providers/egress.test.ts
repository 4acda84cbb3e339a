import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isConduitError } from "#lib/errors.ts";
import { LOOPBACK_HOSTS, PRIVATE_HOSTS } from "#lib/testing/private-hosts.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { publicDispatcher } from "./egress.ts";
import { checkAddress, checkUpstreamUrl, PUBLIC_ONLY, parsePolicy } from "./egress-policy.ts";
import { send } from "./transport.ts";

const CLOSED = parsePolicy([]);

describe(`${threat("T1")}: which base URLs may be called`, () => {
  it("refuses every spelling of a private, link-local or metadata address", () => {
    expect(PRIVATE_HOSTS.length).toBeGreaterThan(200);
    for (const host of PRIVATE_HOSTS) {
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

  it("allows no tunnel to a metadata service, even where its network is allowed", () => {
    const policy = parsePolicy(["64:ff9b::/96", "2002::/16", "::/96", "fd00::/8"]);
    expect(checkUpstreamUrl("http://[64:ff9b::10.1.2.3]/", policy).allowed).toBe(true);
    for (const host of [
      "[64:ff9b::169.254.169.254]",
      "[2002:a9fe:a9fe::]",
      "[::169.254.169.254]",
      "[2001:470::5efe:169.254.169.254]",
      "[fd00:ec2::254]",
      "[fd20:ce::254]",
    ]) {
      expect(checkUpstreamUrl(`http://${host}/`, policy).allowed, host).toBe(false);
    }
  });

  it("allows the private addresses of a listed host name, and of no other", () => {
    const policy = parsePolicy(["ollama.internal"]);
    expect(checkAddress("10.0.0.5", "ollama.internal", policy).allowed).toBe(true);
    expect(checkAddress("10.0.0.5", "other.internal", policy).allowed).toBe(false);
    expect(checkAddress("169.254.169.254", "ollama.internal", policy).allowed).toBe(false);
  });
});

describe(`${threat("T1")}: connections to addresses that callers name`, () => {
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
    for (const host of ["localhost", ...LOOPBACK_HOSTS]) {
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
