import { afterAll, beforeAll, expect, test } from "vitest";
import type { DeploymentTestInput, TestEvent, TestStep } from "#lib/contract/deployment-test.ts";
import { getSql } from "#lib/db/client.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { chatStreamReply } from "#lib/testing/openai-replies.ts";
import { makePerson, type PersonActor } from "#lib/testing/people.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { prepareTest, streamTest } from "./deployment-test.ts";

let api: AdminApi;
let upstream: FakeUpstream;
let actor: PersonActor;
beforeAll(async () => {
  api = await openAdminApi({ CONDUIT_EGRESS_ALLOW: "127.0.0.0/8,localhost" });
  upstream = await startFakeUpstream(() => chatStreamReply(["Hello"]));
  actor = await makePerson({ role: "admin" });
});
afterAll(async () => {
  await upstream.close();
  await api.close();
});

const GOOD_KEY = "sk-good-0123456789";

const draft = (changes: object = {}) => ({
  provider: "openai_compatible" as const,
  model_name: "gpt-5.2",
  api_base: `http://localhost:${upstream.port}/v1`,
  api_key: GOOD_KEY,
  ...changes,
});

async function run(input: DeploymentTestInput): Promise<TestEvent[]> {
  const test = await prepareTest(actor, input);
  const text = await new Response(streamTest(test, new AbortController().signal)).text();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as TestEvent);
}

const stepsOf = (events: readonly TestEvent[]): TestStep[] =>
  events.flatMap((event) => (event.type === "step" ? [event.step] : []));

const statesOf = (events: readonly TestEvent[]): string =>
  stepsOf(events)
    .map(({ step, state }) => `${step} ${state}`)
    .join(", ");

test("a draft is tried step by step with the key that was typed, by a connection of its own", async () => {
  upstream.replyWith(() => chatStreamReply(["Hello"]));
  const before = upstream.requests.length;

  const events = await run({ draft: draft() });

  expect(statesOf(events)).toBe("dns ok, tls ok, auth ok, model ok, first_token ok");
  expect(events.at(-1)).toMatchObject({ type: "result", ok: true, model: "gpt-5.2" });
  expect(upstream.requests.length).toBe(before + 1);
  expect(upstream.requests.at(-1)?.headers.authorization).toBe(`Bearer ${GOOD_KEY}`);
  expect(await getSql()`select 1 from deployment_checks`).toHaveLength(0);
  expect(JSON.stringify(events)).not.toContain(GOOD_KEY);
});

test.each([
  [
    401,
    "Incorrect API key provided",
    "dns ok, tls ok, auth failed, model skipped, first_token skipped",
  ],
  [404, "The model does not exist", "dns ok, tls ok, auth ok, model failed, first_token skipped"],
  [
    500,
    "Something broke inside",
    "dns ok, tls ok, auth skipped, model skipped, first_token failed",
  ],
])(
  "a refusal with %i fails the step it speaks of, in the provider's own words",
  async (status, message, states) => {
    const code = status === 404 ? "model_not_found" : "x";
    upstream.replyWith(() => ({ status, json: { error: { message, code } } }));

    const events = await run({ draft: draft() });

    expect(statesOf(events)).toBe(states);
    expect(stepsOf(events).find((step) => step.state === "failed")?.note).toContain(message);
    expect(events.at(-1)).toMatchObject({ type: "result", ok: false });
  },
);

test("a name that leads nowhere and a port that nobody listens on fail where they should", async () => {
  const noName = await run({ draft: draft({ api_base: "http://does-not-exist.invalid/v1" }) });
  const noPort = await run({ draft: draft({ api_base: "http://localhost:9/v1" }) });

  expect(statesOf(noName)).toContain("dns failed, tls skipped");
  expect(statesOf(noPort)).toContain("dns ok, tls failed, auth skipped");
});

test("the mock needs no network, and a stored deployment's test is remembered", async () => {
  const { id } = await api.ok("POST", "/models/deployments", {
    name: "mock",
    provider: "mock",
    model_name: "echo",
  });

  const events = await run({ id });

  expect(statesOf(events)).toBe("dns skipped, tls skipped, auth ok, model ok, first_token ok");
  const [row] = await getSql()`select ok, steps from deployment_checks where deployment_id = ${id}`;
  expect(row?.["ok"]).toBe(true);
  expect(row?.["steps"]).toHaveLength(5);
});

test(`${threat("T4")}: a stored key is used for a changed form only while the origin stays`, async () => {
  upstream.replyWith(() => chatStreamReply(["Hello"]));
  const { id } = await api.ok("POST", "/models/deployments", { name: "stored", ...draft() });
  const other = await startFakeUpstream(() => chatStreamReply(["stolen"]));
  const { api_key: _, ...kept } = draft({ model_name: "another-model" });

  const same = await run({ id, draft: kept });
  expect(same.at(-1)).toMatchObject({ ok: true });
  expect(upstream.requests.at(-1)?.headers.authorization).toBe(`Bearer ${GOOD_KEY}`);

  const moved = prepareTest(actor, { id, draft: { ...kept, api_base: `${other.url}/v1` } });
  await expect(moved).rejects.toMatchObject({
    code: "missing_required_parameter",
    param: "api_key",
  });
  expect(other.requests).toHaveLength(0);
  await other.close();
});

test("what is wrong with the question is told before anything is sent", async () => {
  const wrong = (changes: object) => prepareTest(actor, { draft: draft(changes) });
  await expect(wrong({ api_base: "http://169.254.169.254/v1" })).rejects.toMatchObject({
    param: "api_base",
  });
  await expect(wrong({ settings: { nothing: 1 } })).rejects.toMatchObject({
    param: "settings.nothing",
  });
  await expect(prepareTest(actor, { id: actor.principal.id })).rejects.toMatchObject({
    code: "not_found",
  });
});
