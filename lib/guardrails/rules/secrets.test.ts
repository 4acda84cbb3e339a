import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foundIn, localCheck } from "#lib/testing/rule-check.ts";

const everything = localCheck("secrets");
const find = (text: string) => foundIn(everything, text);
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
/** Not in one piece, or scanners of repositories would take the examples for leaked keys. */
const key = (prefix: string, length: number) => prefix + letters.repeat(3).slice(0, length);

describe("keys are known by their issuer's prefix", () => {
  it.each([
    ["aws_access_key", `AKIA${"QWERTY234567ZXCV"}`],
    ["google_api_key", key("AIza", 35)],
    ["anthropic_key", key("sk-ant-api03-", 95)],
    ["openai_key", key("sk-proj-", 80)],
    ["provider_key", key("sk-", 48)],
    ["groq_key", key("gsk_", 52)],
    ["huggingface_token", key("hf_", 34)],
    ["github_token", key("ghp_", 36)],
    ["github_token", key("github_pat_", 82)],
    ["gitlab_token", key("glpat-", 20)],
    ["slack_token", key("xoxb-", 50)],
    ["stripe_key", key("sk_live_", 24)],
    ["npm_token", key("npm_", 36)],
    ["sendgrid_key", `${key("SG.", 22)}.${letters.slice(0, 43)}`],
    ["telegram_bot_token", `123456789:AA${letters.slice(0, 33)}`],
    ["conduit_key", key("cnd_sk_", 49)],
  ])("%s", (kind, secret) => {
    expect(find(`use ${secret}, please`)).toEqual([`${kind}: ${secret}`]);
    expect(find(`{"headers":{"x-key":"${secret}"}}`)).toEqual([`${kind}: ${secret}`]);
  });
});

describe("secrets without a prefix are known by what they are or by their name", () => {
  const jwt = [
    Buffer.from('{"alg":"HS256","typ":"JWT"}').toString("base64url"),
    Buffer.from('{"sub":"1234567890","admin":true}').toString("base64url"),
    letters.slice(0, 43),
  ].join(".");
  const pem = `-----BEGIN RSA PRIVATE KEY-----\n${`${letters}ab\n`.repeat(25)}-----END RSA PRIVATE KEY-----`;

  it.each([
    [`token ${jwt} end`, [`jwt: ${jwt}`]],
    [`before\n${pem}\nafter`, [`private_key: ${pem}`]],
    [
      `cut: -----BEGIN PRIVATE KEY-----\n${letters}`,
      [`private_key: -----BEGIN PRIVATE KEY-----\n${letters}`],
    ],
    ["postgres://app:hunter2@db.internal/x", ["url_password: hunter2"]],
    ["redis://:s3cr3tpw@cache:6379", ["url_password: s3cr3tpw"]],
    ["password = hunter2", ["password: hunter2"]],
    ["The password is Blue-Falcon-77!", ["password: Blue-Falcon-77"]],
    [
      '{"client_secret": "9f8e7d6c5b4a39281706f5e4d3c2b1a0"}',
      ["secret: 9f8e7d6c5b4a39281706f5e4d3c2b1a0"],
    ],
    ["Authorization: Bearer abcDEF1234567890abcDEF", ["secret: abcDEF1234567890abcDEF"]],
  ])("%s", (text, found) => {
    expect(find(text)).toEqual(found);
  });
});

describe("what stands in manuals and in programs is no secret", () => {
  it.each([
    `sk-${"x".repeat(48)}`,
    "postgres://user:password@localhost/app",
    "redis://:$REDIS_PASSWORD@cache",
    "https://example.com:8080/path@2x",
    "password: string; token: string",
    "const password = process.env.PASSWORD",
    "the password is incorrect, the secret is out",
    'api_key = "<your-api-key>"',
    "curl -H 'Authorization: Bearer $TOKEN'",
    "max_tokens: 4096",
    "next_page_token: a8f5f167f44f4964e6c998dee827110c",
    "-----BEGIN CERTIFICATE-----",
    "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
    "eyJust.eyJust.saying",
  ])("%s", (text) => {
    expect(find(text)).toEqual([]);
  });
});

it("a stream is held back no further than the kinds need that are asked for", () => {
  expect(localCheck("secrets", { kinds: ["api_key"] }).window).toBeLessThan(1_000);
  expect(everything.window).toBeLessThan(1_000);
});

it("a long secret that is not complete holds back the text from where it begins", () => {
  const open = (text: string) => everything.openFrom?.(text);
  const body = "MIIEpAIBAAKCAQEA\n".repeat(60);
  const key = `-----BEGIN RSA PRIVATE KEY-----\n${body}-----END RSA PRIVATE KEY-----`;
  for (const end of [40, 500, key.length - 4]) {
    expect(open(`See: ${key.slice(0, end)}`)).toBe(5);
  }
  expect(open(`See: ${key}\n${"plain words. ".repeat(10)}`)).toBe(5 + key.length + 131);
  const token = `eyJhbGciOiJIUzI1NiJ9.eyJ${"a1".repeat(500)}.sig`;
  expect(open(`See: ${token.slice(0, 700)}`)).toBe(5);
  expect(open(`See: ${token} `)).toBe(token.length + 6);
});

it("any text at all is read without an error, and the spans lie in it", () => {
  const part = fc.constantFrom(
    "password",
    ": ",
    "://",
    "@",
    "-----BEGIN PRIVATE KEY-----",
    "eyJ",
    ".",
    "sk-",
    "a1B2",
    "\n",
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      const text = parts.join("");
      for (const found of find(text)) {
        expect(text).toContain(found.slice(found.indexOf(": ") + 2));
      }
    }),
  );
});
