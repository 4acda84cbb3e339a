import { expect, test } from "vitest";
import { threat } from "#lib/testing/reliability-rows.ts";
import { safeCallbackUrl } from "./callback-url.ts";

test.each([
  ["/usage", "/usage"],
  ["/logs?from=1h&q=a%20b#top", "/logs?from=1h&q=a%20b#top"],
  ["/keys/1/../2", "/keys/2"],
])("%s is a path of ours", (asked, path) => {
  expect(safeCallbackUrl(asked)).toBe(path);
});

test.each([
  null,
  undefined,
  "",
  "usage",
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\/evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/usage\\..\\",
  "https://evil.example",
  "javascript:alert(1)",
  "/.//evil.example",
  "/a/..//evil.example",
  "http:/evil.example",
])(`${threat("T21")}: %j leads nowhere but home`, (asked) => {
  expect(safeCallbackUrl(asked)).toBe("/");
});
