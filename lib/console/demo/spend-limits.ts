import { apiKeyUpdate } from "#lib/contract/api-key.ts";
import { windowStartMs } from "#lib/contract/budget-window.ts";
import { teamUpdate } from "#lib/contract/team.ts";
import { userUpdate } from "#lib/contract/user.ts";
import { getDb } from "#lib/db/client.ts";
import { type SpendSubject, sumSpend } from "#lib/db/spend.ts";
import { formatUsd } from "#lib/money.ts";
import { changeApiKey } from "../api-key-changes.ts";
import { changeTeam } from "../teams.ts";
import { changeUser } from "../users.ts";
import type { DemoBudget } from "./app.ts";
import type { DemoTeam } from "./company.ts";
import type { Company } from "./found.ts";

const TEAM_BUDGETS: readonly (readonly [DemoTeam, DemoBudget])[] = [
  ["Product", { period: "month", usedShare: 0.74, softPercent: 80 }],
  ["Support", { period: "month", usedShare: 0.91, softPercent: 80 }],
  ["Data", { period: "month", usedShare: 0.58, softPercent: 75 }],
];

const MEMBER_BUDGET: DemoBudget = { period: "month", usedShare: 0.47, softPercent: 80 };

/** People set round limits: half dollars, but cents where a dollar is far away. */
const HALF_NANOS = 500_000_000n;
const CENT_NANOS = 10_000_000n;
/** The limit of a window in which nothing has been spent yet. */
const FIRST_LIMIT = "50";

/**
 * Sets limits after the history is there, each so high that the share which is wanted of it is
 * spent: near its limit, over it, or with room left.
 */
export async function limitSpend(company: Company): Promise<void> {
  const { admin, apps, teamIds, userIds } = company;
  for (const { keyId, budget } of apps) {
    if (budget !== undefined) {
      const input = await inputFor("key", keyId, budget);
      await changeApiKey(admin, keyId, apiKeyUpdate.parse(input));
    }
  }
  for (const [name, budget] of TEAM_BUDGETS) {
    const id = teamIds.get(name) ?? "";
    await changeTeam(admin, id, teamUpdate.parse(await inputFor("team", id, budget)));
  }
  const memberId = userIds.get("member@example.com") ?? "";
  const input = await inputFor("user", memberId, MEMBER_BUDGET);
  await changeUser(admin, memberId, userUpdate.parse(input));
}

async function inputFor(
  subject: SpendSubject,
  subjectId: string,
  { period, usedShare, softPercent }: DemoBudget,
): Promise<Record<string, unknown>> {
  const since = new Date(windowStartMs(period, Date.now()));
  const spent = await sumSpend(getDb("console"), { subject, subjectIds: [subjectId], since });
  const nanos = spent.get(subjectId) ?? 0n;
  const exact = (nanos * 1000n) / BigInt(Math.round(usedShare * 1000));
  const step = exact > 20n * HALF_NANOS ? HALF_NANOS : CENT_NANOS;
  const limit = exact < CENT_NANOS ? FIRST_LIMIT : formatUsd((exact / step) * step);
  return { budget_limit_usd: limit, budget_period: period, soft_limit_percent: softPercent };
}
