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
