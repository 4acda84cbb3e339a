import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BUDGET_LEVELS } from "#lib/contract/budget-levels.ts";
import { ORGANIZATION_ID } from "#lib/contract/caller.ts";
import { requireRuntime } from "#lib/gateway/runtime.ts";
import {
  type FakeRequest,
  type FakeUpstream,
  type Reply,
  startFakeUpstream,
} from "#lib/testing/fake-upstream.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";
import { chatReply, chatStreamReply } from "#lib/testing/openai-replies.ts";
import { INFERENCE_PATHS } from "./router.ts";

/**
 * Every inference route, whole and streamed, against every level of budget: each cell moves the
 * level's counter by what its row says it cost, and is refused once that is spent.
 */
const ROUTES: Readonly<Record<string, { body: Record<string, unknown>; streams: boolean }>> = {
  "/v1/chat/completions": {
    body: { messages: [{ role: "user", content: "Hello!" }], max_tokens: 16 },
    streams: true,
  },
  "/v1/embeddings": { body: { input: "Hello!" }, streams: false },
  "/v1/moderations": { body: { input: "Hello!" }, streams: false },
};

let gateway: InProcessGateway;
let upstream: FakeUpstream;

function answer({ path, json }: FakeRequest): Reply {
  if (path.endsWith("/embeddings")) {
    return {
      json: {
        object: "list",
        model: "m",
        data: [{ object: "embedding", index: 0, embedding: [0.1, 0.2] }],
        usage: { prompt_tokens: 3, total_tokens: 3 },
      },
    };
  }
  if (path.endsWith("/moderations")) {
    const result = { flagged: false, categories: {}, category_scores: {} };
    return { json: { id: "modr-1", model: "m", results: [result] } };
  }
  const { stream } = json() as { stream?: boolean };
  return stream === true ? chatStreamReply(["Hi"]) : chatReply("Hi");
}

beforeAll(async () => {
  gateway = await openGateway();
  upstream = await startFakeUpstream(answer);
  await gateway.addDeployment({
    name: "priced",
    provider: "openai",
    model_name: "m",
    api_key: "sk-upstream",
    api_base: `${upstream.url}/v1`,
    input_price_per_million_usd: "1000",
    output_price_per_million_usd: "2000",
  });
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

afterEach(async () => {
  await gateway.setBudget({ subject: "organization", subject_id: ORGANIZATION_ID }, null);
});

it("every inference route stands in the matrix", () => {
  expect(Object.keys(ROUTES).toSorted()).toEqual([...INFERENCE_PATHS].toSorted());
});

describe.each(Object.entries(ROUTES))("%s", (path, { body, streams }) => {
  const forms = streams ? [false, true] : [false];
  it.each(BUDGET_LEVELS.flatMap((level) => forms.map((stream) => ({ level, stream }))))(
    "moves and obeys the budget of the $level (stream: $stream)",
    async ({ level, stream }) => {
      const teamId = await gateway.addTeam(`${path} ${level} ${stream}`);
      const email = `${level}-${stream}-${path.split("/").at(-1)}@example.com`;
      const key = await gateway.addKey({ user_email: email, team_id: teamId });
      const { keyId, userId } = await gateway.ownerOf(key);
      const ids = { key: keyId, user: userId, team: teamId, organization: ORGANIZATION_ID };
      const budget = { subject: level, subject_id: ids[level] };
      await gateway.setBudget(budget, 10n ** 15n);
      // A budget of the organization begins with what was spent before it was set.
      const { spentNanos: before } = await gateway.budgetOf(budget);

      const ask = () =>
        fetch(`${gateway.url}${path}`, {
          method: "POST",
          headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
          body: JSON.stringify({ model: "m", ...body, ...(stream ? { stream } : {}) }),
        });
      const reply = await ask();
      expect(reply.status).toBe(200);
      const cost = BigInt(String((await gateway.row(reply))["cost_nanos"]));
      expect(cost).toBeGreaterThan(0n);
      await requireRuntime().recorder.flush(5000);
      const spent = { spentNanos: before + cost, reservedNanos: 0n };
      await expect.poll(() => gateway.budgetOf(budget)).toMatchObject(spent);

      await gateway.setBudget(budget, before + cost);
      const asked = upstream.requests.length;
      const refused = await ask();
      expect(refused.status).toBe(429);
      const { error } = await refused.json();
      expect(error).toMatchObject({ code: "budget_exceeded", type: "insufficient_quota" });
      expect(refused.headers.get("x-should-retry")).toBe("false");
      expect(upstream.requests.length).toBe(asked);
      expect(await gateway.budgetOf(budget)).toMatchObject(spent);
    },
  );
});
