import { afterEach, describe, expect, it } from "vitest";
import { dropSingleton } from "#lib/singleton.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { clientIp } from "./exchange.ts";

afterEach(() => {
  delete process.env["TRUSTED_PROXIES"];
  dropSingleton("env");
});

function trust(proxies: string): void {
  process.env["TRUSTED_PROXIES"] = proxies;
  dropSingleton("env");
}

describe(threat("T30"), () => {
  it("x-forwarded-for counts for nothing unless the peer is a trusted proxy", () => {
    expect(clientIp("198.51.100.1", "203.0.113.7")).toBe("198.51.100.1");
    trust("10.0.0.0/8");
    expect(clientIp("198.51.100.1", "203.0.113.7")).toBe("198.51.100.1");
    expect(clientIp("10.0.0.5", "203.0.113.7")).toBe("203.0.113.7");
    expect(clientIp("::ffff:10.0.0.5", "203.0.113.7")).toBe("203.0.113.7");
  });

  it("the client is the first from the right that no trusted proxy wrote", () => {
    trust("10.0.0.0/8, 2001:db8::/32");
    expect(clientIp("10.0.0.5", "192.0.2.1, 203.0.113.7")).toBe("203.0.113.7");
    expect(clientIp("10.0.0.5", "192.0.2.1, 203.0.113.7, 10.1.1.1")).toBe("203.0.113.7");
    expect(clientIp("2001:db8::1", "192.0.2.1,2001:db8::2")).toBe("192.0.2.1");
    expect(clientIp("10.0.0.5", "10.0.0.6, 10.0.0.7")).toBe("10.0.0.6");
  });

  it("what is no address ends the chain: the peer is all that is known", () => {
    trust("10.0.0.0/8");
    for (const chain of [
      "",
      "unknown",
      "203.0.113.7, _hidden",
      "203.0.113.7:443",
      "1.2.3",
      "<x>",
    ]) {
      expect(clientIp("10.0.0.5", chain)).toBe("10.0.0.5");
    }
  });

  it("a connection without an address has none, whatever it says", () => {
    trust("10.0.0.0/8");
    expect(clientIp(undefined, "203.0.113.7")).toBeNull();
  });
});
