import { describe, expect, it } from "vitest";
import { isConduitError } from "#lib/errors.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { parseBody, readBody } from "./body.ts";
import type { Exchange } from "./exchange.ts";

function exchangeWith(body: string | Uint8Array, headers: Record<string, string> = {}): Exchange {
  const all: Record<string, string> = { "content-type": "application/json", ...headers };
  const cut = new AbortController();
  return {
    id: "id",
    createdAtMs: 0,
    startedAt: 0,
    header: (name) => all[name],
    readBody: async () => Buffer.from(body),
    ip: null,
    cut,
    signal: cut.signal,
  };
}

async function codeOf(
  body: string | Uint8Array,
  headers?: Record<string, string>,
): Promise<string> {
  try {
    parseBody(await readBody(exchangeWith(body, headers)));
    return "accepted";
  } catch (error) {
    return isConduitError(error) ? `${error.status} ${error.code}` : "unexpected";
  }
}

describe(`${threat("T24")}: request bodies`, () => {
  it("are JSON objects and nothing else", async () => {
    expect(await codeOf('{"a":1}')).toBe("accepted");
    for (const body of ["", " ", "{", '{"a":1', "[]", "null", "1", '"text"', "{'a':1}", "<xml/>"]) {
      expect(await codeOf(body), body).toBe("400 invalid_json");
    }
  });

  it("are refused when their content type is not JSON or they are compressed", async () => {
    expect(await codeOf("{}", { "content-type": "text/plain" })).toBe("415 unsupported_media_type");
    expect(await codeOf("{}", { "content-type": "application/jsonx" })).toBe(
      "415 unsupported_media_type",
    );
    expect(await codeOf("{}", { "content-encoding": "gzip" })).toBe("415 unsupported_media_type");
    expect(await codeOf("{}", { "content-type": "application/json; charset=utf-8" })).toBe(
      "accepted",
    );
  });

  it("are refused when their bytes are no UTF-8, instead of being altered", async () => {
    expect(await codeOf(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBe(
      "400 invalid_json",
    );
  });

  it("nest 64 levels deep and no deeper", async () => {
    const nested = (depth: number) => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
    expect(await codeOf(nested(64))).toBe("accepted");
    expect(await codeOf(nested(65))).toBe("400 body_too_deep");
    expect(await codeOf("[".repeat(5_000_000))).toBe("400 body_too_deep");
  });

  it("hold 50,000 keys and no more", async () => {
    const keyed = (count: number) =>
      `{${Array.from({ length: count }, (_, index) => `"k${index}":0`).join()}}`;
    expect(await codeOf(keyed(50_000))).toBe("accepted");
    expect(await codeOf(keyed(50_001))).toBe("400 body_too_deep");
  });

  it("may hold any brackets, colons and escaped quotes inside their strings", async () => {
    const text = `${"[{:".repeat(30_000)}\\" \\\\`;
    expect(await codeOf(JSON.stringify({ text, more: '"[' }))).toBe("accepted");
  });
});
