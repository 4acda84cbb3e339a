import { expect, it } from "vitest";
import { Secret } from "#lib/crypto.ts";
import type { RemoteContext } from "../define-rule.ts";
import { webhook } from "./webhook.ts";

it("a text is measured once, however many places of it the service names", async () => {
  let reads = 0;
  const text = {
    path: "messages[0].content",
    origin: "user" as const,
    get text() {
      reads += 1;
      return "😀 ".repeat(100);
    },
  };
  const matches = Array.from({ length: 100 }, (_, at) => ({
    text: 0,
    start: at * 2,
    end: at * 2 + 1,
    kind: "face",
  }));
  const context: RemoteContext = {
    stage: "pre",
    countTokens: () => 0,
    signal: new AbortController().signal,
    secret: new Secret("a-signing-secret"),
    powers: {
      ask: () => Promise.reject(new Error("It asks no model.")),
      moderate: () => Promise.reject(new Error("It asks no model.")),
      post: () =>
        Promise.resolve({ status: 200, body: JSON.stringify({ verdict: "flag", matches }) }),
    },
  };
  const check = webhook.compile({ url: "https://checks.example.com/" });
  const found = check.kind === "remote" ? await check.check([text], context) : undefined;
  expect(found?.matches.at(-1)).toMatchObject({ start: 297, end: 299 });
  // Once to send it, and once to count its characters.
  expect(reads).toBe(2);
});
