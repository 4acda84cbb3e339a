import { pino } from "pino";
import type { BudgetLimit, Caller, RateLimits } from "#lib/contract/caller.ts";
import { getSql } from "#lib/db/client.ts";
import { isConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { type Admission, type AdmitDemand, admit } from "#lib/limits/admit.ts";
import { dropSingleton, singleton } from "#lib/singleton.ts";

const NO_LIMITS: RateLimits = { rpm: null, tpm: null, maxParallel: null };

/** A key of a member, limited by nothing but what the test adds. */
export function makeCaller(fields: Partial<Caller> = {}): Caller {
  const keyId = fields.keyId ?? newId();
  return {
    keyId,
    keyAlias: "ci",
    userId: newId(),
    userEmail: "dev@example.com",
    teamId: null,
    teamName: null,
    allowedModels: null,
    keyLimits: NO_LIMITS,
    teamLimits: null,
    budgets: [],
    allowedCidrs: null,
    tags: {},
    payloadStorage: null,
    cacheScope: { kind: "key", id: keyId },
    coalesce: false,
    ...fields,
  };
}

export function makeLimits(fields: Partial<RateLimits>): RateLimits {
  return { ...NO_LIMITS, ...fields };
}

/** Budgets as a caller carries them: in the order of their ids. */
export function inOrder(...budgets: BudgetLimit[]): BudgetLimit[] {
  return budgets.sort((left, right) => (left.id < right.id ? -1 : 1));
}

/** Writes a budget's row and gives it as a caller carries it. */
export async function addBudget(
  fields: Partial<BudgetLimit> & { limitNanos: bigint; spentNanos?: bigint },
): Promise<BudgetLimit> {
  const budget: BudgetLimit = {
    id: newId(),
    subject: "key",
    subjectId: newId(),
    subjectName: "ci",
    period: "total",
    ...fields,
  };
  await getSql()`
    insert into budgets (id, subject, subject_id, period, limit_nanos, spent_nanos)
    values (${budget.id}, ${budget.subject}, ${budget.subjectId}, ${budget.period},
      ${String(budget.limitNanos)}::text::bigint, ${String(fields.spentNanos ?? 0n)}::text::bigint)`;
  return budget;
}

/** What the row of a budget says. */
export async function budgetRow(
  id: string,
): Promise<{ spentNanos: bigint; reservedNanos: bigint }> {
  const [row] = await getSql()<{ spentNanos: bigint; reservedNanos: bigint }[]>`
    select spent_nanos as "spentNanos", reserved_nanos as "reservedNanos"
    from budgets where id = ${id}`;
  if (row === undefined) {
    throw new Error(`There is no budget ${id}.`);
  }
  return row;
}

/** A request of the caller; a minute's lease unless the test says otherwise. */
export function demandOf(caller: Caller, fields: Partial<AdmitDemand> = {}): AdmitDemand {
  return {
    requestId: newId(),
    caller,
    estimateNanos: 0n,
    estimateTokens: 0,
    leaseMs: 60_000,
    ...fields,
  };
}

export interface Burst {
  admitted: Admission[];
  /** Error codes of the refusals. */
  refused: string[];
}

/** Sends `count` requests at once. Errors that are no refusals are thrown. */
export async function burst(
  count: number,
  make: (at: number) => AdmitDemand,
  as: <T>(at: number, run: () => Promise<T>) => Promise<T> = (_, run) => run(),
): Promise<Burst> {
  const result: Burst = { admitted: [], refused: [] };
  await Promise.all(
    Array.from({ length: count }, async (_, at) => {
      try {
        result.admitted.push(await as(at, () => admit(make(at))));
      } catch (error) {
        if (!isConduitError(error)) {
          throw error;
        }
        result.refused.push(error.code);
      }
    }),
  );
  return result;
}

/** Takes the place of the process's logger, and gives the messages that were logged since. */
export function captureLog(): string[] {
  const messages: string[] = [];
  dropSingleton("log");
  singleton("log", () =>
    pino({ level: "info" }, { write: (line) => void messages.push(String(JSON.parse(line).msg)) }),
  );
  return messages;
}
