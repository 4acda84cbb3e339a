import { and, asc, eq, inArray, max, sql } from "drizzle-orm";
import { guardrailRules } from "#drizzle/schema/guardrail-rules.ts";
import type { RuleMode, RuleType } from "#lib/contract/guardrail-verdict.ts";
import type { Page } from "#lib/contract/paging.ts";
import type { Sealed } from "#lib/crypto.ts";
import type { Db } from "./client.ts";
import type { GuardrailRuleRow } from "./snapshot-rules.ts";

/** What a rule is changed with; an absent field stays as it is. */
export interface RuleValues {
  name?: string | undefined;
  description?: string | null | undefined;
  stages?: GuardrailRuleRow["stages"] | undefined;
  action?: GuardrailRuleRow["action"] | undefined;
  mode?: RuleMode | undefined;
  scope?: Pick<GuardrailRuleRow, "scopeKind" | "scopeRef"> | undefined;
  fail?: GuardrailRuleRow["fail"] | undefined;
  priority?: number | undefined;
  config?: Record<string, unknown> | undefined;
  secret?: RuleSecret | null | undefined;
  message?: string | null | undefined;
}

/** A sealed secret and what may be shown of it. */
export interface RuleSecret {
  sealed: Sealed;
  last4: string;
}

export interface RulePage {
  limit: number;
  offset: number;
  type?: RuleType | undefined;
  mode?: RuleMode | undefined;
}

const IN_ORDER = [asc(guardrailRules.priority), asc(guardrailRules.id)] as const;

/** Rules in the order in which they run, those that are off included. */
export async function listRules(db: Db, page: RulePage): Promise<Page<GuardrailRuleRow>> {
  const where = and(
    page.type === undefined ? undefined : eq(guardrailRules.type, page.type),
    page.mode === undefined ? undefined : eq(guardrailRules.mode, page.mode),
  );
  const rows = await db
    .select()
    .from(guardrailRules)
    .where(where)
    .orderBy(...IN_ORDER)
    .limit(page.limit)
    .offset(page.offset);
  return { rows, total: await db.$count(guardrailRules, where) };
}

export async function getRule(
  db: Db,
  params: { id: string },
): Promise<GuardrailRuleRow | undefined> {
  const [row] = await db.select().from(guardrailRules).where(eq(guardrailRules.id, params.id));
  return row;
}

/** `getRule` that keeps others from changing the row until the transaction ends. */
export async function lockRule(
  tx: Db,
  params: { id: string },
): Promise<GuardrailRuleRow | undefined> {
  const [row] = await tx
    .select()
    .from(guardrailRules)
    .where(eq(guardrailRules.id, params.id))
    .for("update");
  return row;
}

/** The ids of all rules in their order, locked until the transaction ends. */
export async function lockRuleOrder(tx: Db): Promise<{ id: string; name: string }[]> {
  return await tx
    .select({ id: guardrailRules.id, name: guardrailRules.name })
    .from(guardrailRules)
    .orderBy(...IN_ORDER)
    .for("update");
}

/** The highest number that any rule has; 0 without rules. */
export async function lastPriority(db: Db): Promise<number> {
  const [row] = await db.select({ last: max(guardrailRules.priority) }).from(guardrailRules);
  return row?.last ?? 0;
}

export type NewRule = RuleValues &
  Pick<GuardrailRuleRow, "id" | "name" | "type" | "stages" | "action" | "priority" | "config">;

export async function insertRule(db: Db, rule: NewRule): Promise<void> {
  await db.insert(guardrailRules).values({
    ...columnsOf(rule),
    id: rule.id,
    name: rule.name,
    type: rule.type,
    stages: rule.stages,
    action: rule.action,
    priority: rule.priority,
    config: rule.config,
  });
}

export async function updateRule(db: Db, params: { id: string } & RuleValues): Promise<void> {
  await db
    .update(guardrailRules)
    .set({
      ...columnsOf(params),
      version: sql`${guardrailRules.version} + 1`,
      updatedAt: new Date(),
    })
    .where(eq(guardrailRules.id, params.id));
}

function columnsOf(values: RuleValues) {
  return {
    name: values.name,
    description: values.description,
    stages: values.stages,
    action: values.action,
    mode: values.mode,
    scopeKind: values.scope?.scopeKind,
    scopeRef: values.scope?.scopeRef,
    fail: values.fail,
    priority: values.priority,
    config: values.config,
    message: values.message,
    ...secretColumns(values.secret),
  };
}

function secretColumns(secret: RuleSecret | null | undefined) {
  if (secret === undefined) {
    return {};
  }
  return {
    secretKeyVersion: secret?.sealed.version ?? null,
    secretWrappedKey: secret?.sealed.wrappedKey ?? null,
    secretBox: secret?.sealed.box ?? null,
    secretLast4: secret?.last4 ?? null,
  };
}

/**
 * Gives rules their places. What a rule says stays the same, so that its version does too: verdicts
 * name the version that they were found by.
 */
export async function setRulePriorities(
  tx: Db,
  rules: readonly { id: string; priority: number }[],
): Promise<void> {
  const places = sql.join(
    rules.map(({ id, priority }) => sql`when ${id}::uuid then ${priority}::int`),
    sql` `,
  );
  await tx
    .update(guardrailRules)
    .set({ priority: sql`case ${guardrailRules.id} ${places} end`, updatedAt: new Date() })
    .where(
      inArray(
        guardrailRules.id,
        rules.map(({ id }) => id),
      ),
    );
}

export async function deleteRule(db: Db, params: { id: string }): Promise<void> {
  await db.delete(guardrailRules).where(eq(guardrailRules.id, params.id));
}
