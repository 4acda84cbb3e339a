import { expect, test } from "vitest";
import { originOf, resolveBaseUrl } from "./base-url.ts";

const VENDOR = { baseUrl: "https://api.example.com/v1", versionPath: "/v1" };
const NESTED = { baseUrl: "https://api.example.com/openai/v1", versionPath: "/openai/v1" };

test.each([
  [VENDOR, null, "https://api.example.com/v1"],
  [VENDOR, "https://api.example.com", "https://api.example.com/v1"],
  [VENDOR, "https://api.example.com/", "https://api.example.com/v1"],
  [VENDOR, "https://api.example.com/v1/", "https://api.example.com/v1"],
  [VENDOR, " http://127.0.0.1:9999 ", "http://127.0.0.1:9999/v1"],
  [VENDOR, "HTTPS://API.Example.com:443/v1", "https://api.example.com/v1"],
  [VENDOR, "https://proxy.example.com/team/v1", "https://proxy.example.com/team/v1"],
  [VENDOR, "https://proxy.example.com/v2", "https://proxy.example.com/v2"],
  [VENDOR, "https://proxy.example.com/v", "https://proxy.example.com/v"],
  [NESTED, "https://api.example.com", "https://api.example.com/openai/v1"],
  [NESTED, "https://api.example.com/openai", "https://api.example.com/openai/v1"],
  [NESTED, "https://api.example.com/open", "https://api.example.com/open"],
  [{ baseUrl: "https://api.example.com" }, null, "https://api.example.com"],
])("the vendor's root is accepted with or without its version (%#)", (row, given, expected) => {
  expect(resolveBaseUrl(row, given)).toBe(expected);
});

test.each([
  "ftp://example.com",
  "file:///etc/passwd",
  "api.example.com",
  "https://user:secret@example.com",
  "https://example.com/v1?key=1",
  "https://example.com/v1#x",
  "",
])("%j is not a base URL", (given) => {
  expect(resolveBaseUrl(VENDOR, given)).toBeUndefined();
});

test("a provider without a URL of its own needs one", () => {
  expect(resolveBaseUrl({ baseUrl: null }, null)).toBeUndefined();
});

test("an origin has no path and no default port", () => {
  expect(originOf("https://api.example.com:443/v1")).toBe("https://api.example.com");
});
