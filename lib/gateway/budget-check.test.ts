import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getDb, getSql } from "#lib/db/client.ts";
import { listJobs } from "#lib/db/jobs.ts";
import { getLimits } from "#lib/limits/configure.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { type InProcessGateway, openGateway } from "#lib/testing/in-process-gateway.ts";
import { chatReply } from "#lib/testing/openai-replies.ts";
import { runBudgetCheck } from "./budget-check.ts";
import { runJobs } from "./jobs.ts";

const MODEL = "counted";

let gateway: InProcessGateway;
let upstream: FakeUpstream;
let budgetId: string;

beforeAll(async () => {
  gateway = await openGateway();
  upstream = await startFakeUpstream(() => chatReply("So."));
  await gateway.addDeployment({
    name: MODEL,
    provider: "openai_compatible",
    model_name: MODEL,
    api_key: "sk-upstream",
    api_base: `${upstream.url}/v1`,
    input_price_per_million_usd: "1",
    output_price_per_million_usd: "2",
  });
  const key = await gateway.addKey({ budget_limit_usd: 10 });
  // Its limit is no longer young.
  await getSql()`update budgets set created_at = now() - interval '1 hour'`;
  const [budget] = await getSql()`select id from budgets`;
  budgetId = String(budget?.["id"]);
  for (let count = 0; count < 3; count += 1) {
    await gateway.row(await ask(key));
  }
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

function ask(key: string): Promise<Response> {
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: MODEL, messages: [{ role: "user", content: "Well?" }] }),
  });
}

async function metricsText(): Promise<string> {
  return await (await fetch(`${gateway.url}/metrics`)).text();
}

/** Moves the counter in memory by so many nano-dollars. */
function bend(nanos: bigint): void {
  const { budgets } = getLimits();
  const live = budgets.inspect([budgetId]).get(budgetId);
  const excess = { spentNanos: -nanos, reservedNanos: 0n };
  expect(live && budgets.lower(budgetId, { live, excess })).toBe(true);
}

describe("the budget check", () => {
  it("finds nothing where nothing is wrong, and says so in its job and its figures", async () => {
    await runBudgetCheck();
    expect(await runBudgetCheck()).toBe("Budgets that agree with the log: 1.");
    const text = await metricsText();
    for (const store of ["memory", "redis", "postgres"]) {
      expect(text).toContain(`conduit_budget_drift_nanos{store="${store}"} 0\n`);
    }
  });

  it("lowers a counter that is too high, and tells by how much", async () => {
    bend(1_500n);
    const said = [await runBudgetCheck(), await runBudgetCheck()];
    expect(said).toContain("Counters that were lowered: 1, by 0.0000015 USD in all.");
    expect(await metricsText()).toContain("conduit_budget_repairs_total 1\n");
    expect(await runBudgetCheck()).toBe("Budgets that agree with the log: 1.");
    expect(await metricsText()).toContain('conduit_budget_drift_nanos{store="memory"} 0\n');
  });

  it("fails where a counter is too low, so that the health page shows it to a person", async () => {
    bend(-1_500n);
    await runBudgetCheck().catch(() => undefined);
    await runJobs();
    const job = (await listJobs(getDb())).find(({ name }) => name === "budget_check");
    expect(job).toMatchObject({
      ok: false,
      result: "1 of 1 budgets counted 0.0000015 USD less than the log.",
    });
    expect(await metricsText()).toContain('conduit_budget_drift_nanos{store="memory"} 1500\n');
  });
});
