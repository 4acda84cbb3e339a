import { expect, test } from "vitest";
import type { RequestLogDetail } from "#lib/contract/request-log.ts";
import { conversationOf } from "./conversation-turns.ts";
import { curlOf } from "./curl.ts";
import { splitAt } from "./found-text.tsx";
import { timelineOf } from "./timeline-rows.ts";

const ARRIVED = "2026-11-22T14:00:00.000Z";

/** What the timeline reads of a request. */
function logOf(changes: Partial<RequestLogDetail>): RequestLogDetail {
  return {
    created_at: ARRIVED,
    latency_ms: 900,
    ttft_ms: null,
    stream: false,
    outcome: "ok",
    attempt_list: [],
    ...changes,
    // The other fields are none of a timeline's business.
  } as RequestLogDetail;
}

const attempt = (startMs: number, changes: object) => ({
  deployment_id: "d",
  deployment: "main",
  provider: "openai",
  status: 200,
  error_code: null,
  error_message: null,
  started_at: new Date(Date.parse(ARRIVED) + startMs).toISOString(),
  duration_ms: 100,
  ended: "ok",
  cost_usd: "0",
  ...changes,
});

test("a timeline tells tries in order, the wait between them, and the stream", () => {
  const { rows, lengthMs, ttftMs } = timelineOf(
    logOf({
      stream: true,
      ttft_ms: 600,
      attempt_list: [
        attempt(5, { ended: "rate_limit", status: 429, deployment: "first" }),
        attempt(400, { duration_ms: 500, deployment: "second" }),
      ],
    }),
  );

  expect(rows.map(({ label, startMs, endMs }) => [label, startMs, endMs])).toEqual([
    ["Key, limits, routing", 0, 5],
    ["Attempt 1: first", 5, 105],
    ["Wait before the next attempt", 105, 400],
    ["Attempt 2: second", 400, 900],
    ["Stream to the caller", 600, 900],
  ]);
  expect(rows[1]?.note).toBe("429, The provider limited the rate");
  expect([lengthMs, ttftMs]).toEqual([900, 600]);
});

test("a broken stream says that nothing could take over; a refusal that nobody was asked", () => {
  const broken = timelineOf(logOf({ stream: true, ttft_ms: 10, outcome: "partial" }));
  const refused = timelineOf(logOf({ latency_ms: 3, outcome: "limited" }));

  expect(broken.rows.at(-1)?.note).toMatch(/fallback was not possible/);
  expect(refused.rows.map(({ note }) => note)).toEqual(["No deployment was asked"]);
});

test("a conversation is read from whatever JSON there is, and never throws", () => {
  const request = JSON.stringify({
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: [{ type: "text", text: "Hi" }, { type: "image_url" }] },
      { role: "user", content: null },
    ],
  });
  const answer = JSON.stringify({
    choices: [{ message: { role: "assistant", content: null, tool_calls: [{ id: "1" }] } }],
  });

  expect(conversationOf(request, answer)).toEqual([
    { role: "system", text: "Be brief.", isAnswer: false },
    { role: "user", text: "Hi\n[image_url]", isAnswer: false },
    { role: "assistant", text: '[\n  {\n    "id": "1"\n  }\n]', isAnswer: true },
  ]);
  expect(conversationOf('{"messages": [{"ro', null)).toEqual([]);
  expect(conversationOf("[1]", '{"choices": 3}')).toEqual([]);
});

test("what is looked for is found as it is written, whatever it would mean in a pattern", () => {
  expect(splitAt("a (b) A (B) c", "(b)")).toEqual(["a ", "(b)", " A ", "(B)", " c"]);
  expect(splitAt("text", "")).toEqual(["text"]);
});

test("a curl command keeps a body whole in the shell", () => {
  const command = curlOf({
    origin: "https://llm.example.com/v1",
    endpoint: "chat",
    body: `{"a":"it's $HOME"}`,
  });

  expect(command).toContain(`'https://llm.example.com/v1/chat/completions'`);
  expect(command).toContain(`-d '{"a":"it'\\''s $HOME"}'`);
});
