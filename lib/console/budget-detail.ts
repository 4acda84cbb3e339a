import type {
  BudgetContributor,
  BudgetDetail,
  BudgetLevel,
  BudgetSubjectRef,
} from "#lib/contract/budget-tree.ts";
import { windowStartMs } from "#lib/contract/budget-window.ts";
import { instantOf } from "#lib/contract/instants.ts";
import {
  type RollupGroup,
  sumUsageBy,
  sumUsageOverTime,
  type UsageFilter,
} from "#lib/db/analytics.ts";
import { getApiKey } from "#lib/db/api-key-admin.ts";
import { listBudgetEvents } from "#lib/db/budget-nodes.ts";
import { type BudgetRow, listBudgetsOf } from "#lib/db/budgets-list.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { listSubjectNames } from "#lib/db/subject-names.ts";
import { getTeam } from "#lib/db/teams.ts";
import { getUser } from "#lib/db/users.ts";
import { formatUsd } from "#lib/money.ts";
import { type Actor, assertWithinReach } from "./actor.ts";
import { assertSubject, BUDGET_NEEDS } from "./budget-changes.ts";
import { RAISE_NEEDS } from "./budget-raise.ts";
import { budgetUseOf } from "./budget-use.ts";
import { readLiveBudgets } from "./budget-view.ts";
import { requireFound } from "./found.ts";
import { mayTake } from "./permission.ts";
import { listUnpricedModels } from "./unpriced-models.ts";

const DAY_MS = 86_400_000;
/** Without a window to show, so many days. */
const DAYS_SHOWN = 30;
const CONTRIBUTORS = 8;
const EVENTS = 20;

interface Subject {
  level: BudgetLevel;
  id: string;
  name: string;
  allowedModels: readonly string[] | null;
}

/** One limit with its days, what spent it, and its changes. Throws 404 for one out of reach. */
export async function showBudgetDetail(actor: Actor, ref: BudgetSubjectRef): Promise<BudgetDetail> {
  const db = getDb("console");
  const subject = await requireSubject(db, actor, ref);
  const [row] = await listBudgetsOf(db, { subject: subject.level, subjectIds: [subject.id] });
  const live = await readLiveBudgets(row === undefined ? [] : [row]);
  const since = sinceOf(row);
  const filter = filterOf(subject, since);
  const days = await sumUsageOverTime(db, { filter, intervalMs: DAY_MS });
  const events = await listBudgetEvents(db, {
    targetType: subject.level === "key" ? "api_key" : subject.level,
    subjectId: subject.id,
    limit: EVENTS,
  });
  return {
    level: subject.level,
    subject_id: subject.id,
    name: subject.name,
    budget: row === undefined ? null : (budgetUseOf(row, live(row)) ?? null),
    since: since.toISOString(),
    days: days.map(({ start, costNanos }) => ({
      day: start.toISOString().slice(0, 10),
      spent_usd: formatUsd(costNanos),
    })),
    contributors: await contributorsOf(db, subject, filter),
    history: events.map(({ at, actorName, ...event }) => ({
      ...event,
      at: instantOf(at),
      actor: actorName,
    })),
    unpriced: listUnpricedModels(subject.allowedModels),
    may: mayOf(actor, subject.level),
  };
}

function mayOf({ principal }: Actor, level: BudgetLevel): BudgetDetail["may"] {
  return {
    set: mayTake(principal, BUDGET_NEEDS[level]),
    raise: mayTake(principal, RAISE_NEEDS[level]),
    reset: mayTake(principal, "budget.reset"),
  };
}

async function requireSubject(db: Db, actor: Actor, ref: BudgetSubjectRef): Promise<Subject> {
  assertSubject(ref);
  const { subject: level, subject_id: id } = ref;
  const what = level === "organization" ? "organisation" : level;
  switch (level) {
    case "organization": {
      assertWithinReach(actor, "budget.read", { userId: null, teamId: null, what });
      return { level, id, name: currentSettings().general.organisation_name, allowedModels: null };
    }
    case "team": {
      assertWithinReach(actor, "budget.read", { userId: null, teamId: id, what });
      const team = requireFound(await getTeam(db, { id }), what);
      return { level, id, name: team.name, allowedModels: team.allowedModels };
    }
    case "user": {
      assertWithinReach(actor, "budget.read", { userId: id, teamId: null, what });
      const user = requireFound(await getUser(db, { id }), what);
      return { level, id, name: user.name ?? user.email, allowedModels: null };
    }
    case "key": {
      const row = requireFound(await getApiKey(db, { id }), what);
      assertWithinReach(actor, "budget.read", { ...row, what });
      return { level, id, name: row.alias ?? row.hint ?? id, allowedModels: row.allowedModels };
    }
    default:
      return level satisfies never;
  }
}

function sinceOf(row: BudgetRow | undefined): Date {
  const nowMs = Date.now();
  const start = row === undefined ? 0 : windowStartMs(row.period, nowMs);
  const today = nowMs - (nowMs % DAY_MS);
  return new Date(start === 0 ? today - (DAYS_SHOWN - 1) * DAY_MS : start);
}

function filterOf({ level, id }: Subject, start: Date): UsageFilter {
  const end = new Date(Date.now() + DAY_MS);
  return {
    // Whoever may see the limit may see what it was spent on.
    scope: { all: true },
    start,
    end,
    keyId: level === "key" ? id : undefined,
    userId: level === "user" ? id : undefined,
    teamId: level === "team" ? id : undefined,
  };
}

/** What is one step below each level. */
const BELOW = {
  organization: "team",
  team: "key",
  user: "key",
  key: "model",
} as const satisfies Record<BudgetLevel, RollupGroup>;

async function contributorsOf(
  db: Db,
  { level }: Subject,
  filter: UsageFilter,
): Promise<BudgetContributor[]> {
  const group = BELOW[level];
  const { rows } = await sumUsageBy(db, {
    group,
    filter,
    page: { limit: CONTRIBUTORS, offset: 0 },
  });
  const ids = rows.map((row) => row.group).filter((id) => id !== null);
  const names =
    group === "model"
      ? new Map<string, string | null>(ids.map((id) => [id, id]))
      : await listSubjectNames(db, { subject: group, ids });
  return rows.map((row) => ({
    id: row.group,
    name: (row.group === null ? "No team" : names.get(row.group)) ?? "Unnamed",
    spend_usd: formatUsd(row.costNanos),
    requests: row.requests,
  }));
}
