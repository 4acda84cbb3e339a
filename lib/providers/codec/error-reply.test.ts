import { describe, expect, it } from "vitest";
import { errorBody, errorHeaders } from "#lib/errors.ts";
import { errorOfEvent, errorOfReply } from "./error-reply.ts";
import { finishReasonOf } from "./finish-reason.ts";
import { retryAfterMs } from "./retry-after.ts";

function errorOf(status: number, body: unknown, headers: Record<string, string> = {}) {
  return errorOfReply({
    status,
    headers: new Map(Object.entries(headers)),
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

describe("the message of a foreign body", () => {
  it.each([
    [{ error: { message: "one" } }, "one"],
    [{ error: "two" }, "two"],
    [{ message: "three" }, "three"],
    [{ message: { detail: "four" } }, "four"],
    [{ detail: "five" }, "five"],
    [{ detail: [{ loc: ["body", "n"], msg: "six" }, { msg: "seven" }] }, "body.n: six; seven"],
    [{ errors: [{ message: "eight" }] }, "eight"],
    [[{ error: { message: "nine" } }], "nine"],
    [{ Message: "ten" }, "ten"],
    ["plain words", "plain words"],
    ["", "The provider answered with status 400."],
    ["<html><body>nginx</body></html>", "The provider answered with status 400."],
    [{}, "The provider answered with status 400."],
    [null, "The provider answered with status 400."],
  ])("is found in %j", (body, message) => {
    expect(errorOf(400, body).message).toBe(message);
  });

  it("shows no part of a key and no secret of a URL, and is no longer than it has to be", () => {
    const { message } = errorOf(400, {
      error: {
        message: `Bad: sk-proj-abc123def456**, https://api.test/v1?key=AIzaSecret&x=1 ${"y".repeat(900)}`,
      },
    });
    expect(message).not.toMatch(/abc123|AIzaSecret/);
    expect(message).toContain("key=[removed]&x=1");
    expect(message.length).toBeLessThan(560);
  });

  it("about the gateway's own credential stays inside", () => {
    const error = errorOf(401, { error: { message: "Incorrect API key provided: org-7" } });
    expect(error.message).not.toContain("org-7");
    expect([error.status, error.code]).toEqual([502, "upstream_auth"]);
  });
});

describe("the class of a failure", () => {
  const rate = { error: { type: "tokens", code: "rate_limit_exceeded", message: "slow" } };
  it.each([
    [429, rate, "rate_limit", 429, "rate_limit_exceeded"],
    [
      429,
      { error: { code: "insufficient_quota", message: "m" } },
      "quota",
      429,
      "insufficient_quota",
    ],
    [
      402,
      { error: { code: 402, message: "Insufficient credits" } },
      "quota",
      429,
      "insufficient_quota",
    ],
    [
      400,
      { error: { message: "Your credit balance is too low" } },
      "quota",
      429,
      "insufficient_quota",
    ],
    [
      403,
      { code: "x", error: "Your team has used all available credits" },
      "quota",
      429,
      "insufficient_quota",
    ],
    [503, "", "overloaded", 503, "server_overloaded"],
    [
      529,
      { error: { type: "overloaded_error", message: "m" } },
      "overloaded",
      503,
      "server_overloaded",
    ],
    [
      498,
      { error: { code: "capacity_exceeded", message: "m" } },
      "overloaded",
      503,
      "server_overloaded",
    ],
    [500, "", "server", 502, "upstream_error"],
    [502, "<html>", "server", 502, "upstream_error"],
    [520, "", "server", 502, "upstream_error"],
    [424, "", "server", 502, "upstream_error"],
    [409, "", "server", 502, "upstream_error"],
    [504, "", "server", 502, "upstream_error"],
    [408, { error: { code: "Timeout" } }, "timeout", 504, "upstream_timeout"],
    [401, "", "auth", 502, "upstream_auth"],
    [403, { error: { message: "no access" } }, "auth", 502, "upstream_auth"],
    [400, { code: "c", error: "Incorrect API key provided" }, "auth", 502, "upstream_auth"],
    [
      404,
      { error: { code: "DeploymentNotFound", message: "m" } },
      "model_missing",
      404,
      "model_not_found",
    ],
    [
      403,
      { error: { message: "Input was flagged by moderation" } },
      "content_policy",
      400,
      "content_policy_violation",
    ],
    [
      400,
      { error: { code: "content_filter", message: "m" } },
      "content_policy",
      400,
      "content_filter",
    ],
    [
      413,
      { error: { type: "tokens", message: "Request too large" } },
      "context_length",
      400,
      "context_length_exceeded",
    ],
    [413, "", "rejected", 413, "request_too_large"],
    [422, { detail: [{ msg: "bad" }] }, "rejected", 400, "invalid_value"],
    [400, { error: { code: "tool_use_failed", message: "m" } }, "rejected", 400, "tool_use_failed"],
    [
      400,
      { error: { code: "image_not_found", type: "not_found_error", message: "m" } },
      "rejected",
      400,
      "image_not_found",
    ],
  ])("of %i %j is %s", (status, body, kind, told, code) => {
    const error = errorOf(status, body);
    expect(error.upstream).toMatchObject({ kind, status });
    expect(error.status).toBe(told);
    expect(errorBody(error).error.code).toBe(code);
  });

  it.each([
    "This model's maximum context length is 8192 tokens",
    "Your input exceeds the context window of this model",
    "prompt is too long: 210000 tokens > 200000 maximum",
    "input length and `max_tokens` exceed context limit: 1 + 2 > 3",
    "Input is too long for requested model",
    "The input token count (9) exceeds the maximum number of tokens allowed (8)",
    "This model's maximum prompt length is 131072",
    "Please reduce the length of the messages or completion",
    "the prompt is longer than the maximum model length",
    "the request exceeds the available context size",
    "`inputs` tokens + `max_new_tokens` must be <= 4096",
  ])("of a 400 that says '%s' is a prompt that does not fit", (message) => {
    const error = errorOf(400, { error: { message } });
    expect([error.status, error.code]).toEqual([400, "context_length_exceeded"]);
    expect(error.shouldRetry).toBe(false);
  });

  it("keeps too many tokens a minute apart from too many tokens", () => {
    expect(errorOf(429, { message: "too many tokens" }).upstream?.kind).toBe("rate_limit");
    expect(errorOf(400, { message: "too many tokens" }).upstream?.kind).toBe("context_length");
  });

  it("keeps the field that the upstream names", () => {
    const body = { error: { message: "m", param: "temperature", code: null } };
    expect(errorOf(400, body).param).toBe("temperature");
  });

  it("of an error inside an answer follows from its number, else from its words", () => {
    const kindOf = (error: unknown) => errorOfEvent({ error }).upstream;
    expect(kindOf({ code: 429, message: "m" })).toEqual({ kind: "rate_limit", status: 429 });
    expect(kindOf({ type: "overloaded_error", message: "m" })?.kind).toBe("overloaded");
    expect(kindOf({ code: "insufficient_quota", message: "m" })?.kind).toBe("quota");
    expect(kindOf({ code: "context_length_exceeded", message: "m" })?.kind).toBe("context_length");
    expect(kindOf({ type: "invalid_request_error", message: "m" })?.kind).toBe("rejected");
    expect(kindOf({ status: "RESOURCE_EXHAUSTED", message: "m" })?.kind).toBe("rate_limit");
    expect(kindOf("gone")).toEqual({ kind: "server", status: 502 });
  });
});

describe("the wait that an upstream asks for", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  it.each([
    [{ "retry-after-ms": "1340.2", "retry-after": "2" }, 1341],
    [{ "x-ms-retry-after-ms": "250", "retry-after": "2" }, 250],
    [{ "retry-after": "2.5" }, 2500],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "Sun, 22 Nov 2026 12:00:30 GMT" }, 30_000],
    [{ "retry-after": "Sun, 22 Nov 2026 11:00:00 GMT" }, 0],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after-ms": "-5" }, undefined],
    [{}, undefined],
  ])("is read from %j", (headers, wait) => {
    expect(retryAfterMs(new Map(Object.entries(headers)), now)).toBe(wait);
  });

  it("reaches the client on a 429", () => {
    const error = errorOf(429, "", { "retry-after": "7" });
    expect(errorHeaders(error)).toMatchObject({ "retry-after": "7", "x-should-retry": "true" });
  });
});

it.each(["constructor", "__proto__", "toString"])("the code %s means nothing", (code) => {
  expect(errorOf(500, { error: { message: "m", code, type: code } }).upstream?.kind).toBe("server");
  expect(errorOfEvent({ error: { message: "m", code, type: code } }).upstream?.kind).toBe("server");
  expect(finishReasonOf(code, false)).toBe("stop");
});

it("no wait is longer than a day", () => {
  for (const header of ["1e308", "1e400", "Fri, 31 Dec 9999 23:59:59 GMT", "86401"]) {
    const wait = retryAfterMs(new Map([["retry-after", header]]), 0);
    expect(wait === undefined || wait === 86_400_000).toBe(true);
  }
  expect(retryAfterMs(new Map([["retry-after", "1e308"]]), 0)).toBe(86_400_000);
  expect(retryAfterMs(new Map([["retry-after-ms", "1e308"]]), 0)).toBe(86_400_000);
});
