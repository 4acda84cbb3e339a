import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { threat } from "#lib/testing/reliability-rows.ts";
import {
  isWellFormedToken,
  type MasterKeys,
  newToken,
  Secret,
  safeEqual,
  seal,
  tokenDigest,
  unseal,
} from "./crypto.ts";

function makeKeys(...versions: string[]): MasterKeys {
  return {
    current: versions[0] ?? "v1",
    keys: new Map(versions.map((version) => [version, randomBytes(32)])),
  };
}

describe("tokens", () => {
  it("prove their own spelling: any one changed character is noticed without a look-up", () => {
    const token = newToken("sk");
    expect(token).toMatch(/^cnd_sk_[0-9A-Za-z]{49}$/);
    expect(isWellFormedToken(token, "sk")).toBe(true);
    for (let at = 7; at < token.length; at += 1) {
      const other = token[at] === "a" ? "b" : "a";
      expect(isWellFormedToken(token.slice(0, at) + other + token.slice(at + 1), "sk")).toBe(false);
    }
  });

  it("serve one purpose each", () => {
    expect(isWellFormedToken(newToken("ad"), "sk")).toBe(false);
  });

  it("have another digest under another pepper", () => {
    const token = newToken("sk");
    expect(tokenDigest(randomBytes(32), token)).not.toEqual(tokenDigest(randomBytes(32), token));
  });
});

describe(`${threat("T45")}: sealed secrets`, () => {
  it("open with the context they were sealed in, and with no other", () => {
    const keys = makeKeys("v1");
    const sealed = seal(keys, "sk-provider", "conduit|cred|v1|id-1|https://a.example");
    expect(unseal(keys, sealed, "conduit|cred|v1|id-1|https://a.example").reveal()).toBe(
      "sk-provider",
    );
    expect(() => unseal(keys, sealed, "conduit|cred|v1|id-1|https://b.example")).toThrow();
  });

  it("stay readable after a new master key has become the current one", () => {
    const old = makeKeys("v1");
    const sealed = seal(old, "secret", "context");
    const rotated: MasterKeys = {
      current: "v2",
      keys: new Map([...old.keys, ["v2", randomBytes(32)]]),
    };
    expect(unseal(rotated, sealed, "context").reveal()).toBe("secret");
    expect(() => unseal(makeKeys("v2"), sealed, "context")).toThrow(/version v1/);
  });

  it("notice a changed byte", () => {
    const keys = makeKeys("v1");
    const sealed = seal(keys, "secret", "context");
    sealed.box[14] = (sealed.box[14] ?? 0) ^ 1;
    expect(() => unseal(keys, sealed, "context")).toThrow();
  });
});

it("a secret shows itself nowhere", () => {
  const secret = new Secret("canary-value");
  const shown = [String(secret), JSON.stringify({ secret }), inspect({ secret }), `${secret}`];
  expect(shown.join()).not.toContain("canary");
  expect(secret.reveal()).toBe("canary-value");
});

it("strings are compared whole", () => {
  expect(safeEqual("a".repeat(40), "a".repeat(40))).toBe(true);
  expect(safeEqual("a".repeat(40), "a".repeat(41))).toBe(false);
});
