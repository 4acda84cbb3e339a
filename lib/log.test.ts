import { expect, it } from "vitest";
import { newToken } from "./crypto.ts";
import { scrub } from "./log.ts";

it("credentials of every known shape are cut out of free text", () => {
  const token = newToken("sk");
  const secrets = [
    token,
    "sk-proj-abcdefghijklmnop",
    "AIzaSyA1234567890abcdefg",
    "gsk_abcdefgh12345678",
    "Bearer abcdefghijk.lmnop",
  ];
  for (const secret of secrets) {
    const text = scrub(`the upstream said: ${secret} is wrong`);
    expect(text).not.toContain(secret);
    expect(text).toContain("[redacted]");
  }
  expect(scrub("postgres://user:hunter22@db/x?key=abc")).toBe(
    "postgres://user:[redacted]@db/x?key=[redacted]",
  );
  expect(scrub("nothing secret here")).toBe("nothing secret here");
});

it.each(["://a:", "Bearer ", "sk-aa", "?key=", "cnd_sk_", "://a:b@"])(
  "a mebibyte of %j is scrubbed",
  (text) => {
    // Work that grows with the square of the length would run into the test's time limit.
    expect(scrub(text.repeat(2 ** 20 / text.length))).toBeTypeOf("string");
  },
);

it("a long password is cut out whole", () => {
  expect(scrub(`redis://u:${"p".repeat(5000)}@cache`)).toBe("redis://u:[redacted]@cache");
});
