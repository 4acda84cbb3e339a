import { instantOf } from "#lib/contract/instants.ts";
import type { UserCreate, UserInfo, UserQuery, UserUpdate } from "#lib/contract/user.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import { getPerson } from "#lib/db/people.ts";
import { endSessions } from "#lib/db/sessions.ts";
import {
  countKeysOfUser,
  deleteUser,
  getUser,
  insertUser,
  listUsers,
  type UserRow,
  updateUser,
} from "#lib/db/users.ts";
import { ConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { describeInput, fieldsBefore } from "./audit-fields.ts";
import { saveBudget } from "./budget-save.ts";
import { type BudgetFields, readBudgetFields, readStoredBudgetFields } from "./budget-view.ts";
import { applyChange } from "./change.ts";
import { assertSomeField, requireFound } from "./found.ts";
import { assertNotLastAdmin } from "./last-admin.ts";

export async function showUsers(
  actor: Actor,
  query: UserQuery,
): Promise<{ users: UserInfo[]; total: number }> {
  const db = getDb("console");
  const { rows, total } = await listUsers(db, {
    scope: scopeOf(actor, "user.read"),
    limit: query.limit,
    offset: query.offset,
    email: query.email,
    role: query.role,
    teamId: query.team_id,
  });
  const budgetOf = await readBudgetFields(db, {
    subject: "user",
    subjectIds: rows.map((row) => row.id),
  });
  return { users: rows.map((row) => infoOf(row, budgetOf(row.id))), total };
}

export async function showUser(actor: Actor, id: string): Promise<UserInfo> {
  const db = getDb("console");
  const scope = scopeOf(actor, "user.read");
  requireFound(await getPerson(db, { id, scope }), "user");
  const row = requireFound(await getUser(db, { id }), "user");
  const budgetOf = await readBudgetFields(db, { subject: "user", subjectIds: [id] });
  return infoOf(row, budgetOf(id));
}

function infoOf(row: UserRow, budget: BudgetFields): UserInfo {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    is_suspended: row.suspendedAt !== null,
    ...budget,
    created_at: instantOf(row.createdAt),
  };
}

export async function createUser(actor: Actor, input: UserCreate): Promise<UserInfo> {
  const { email, role } = input;
  const id = await applyChange(actor, async (tx) => {
    const user = await insertUser(tx, { id: newId(), email, name: input.name ?? null, role });
    await saveBudget(tx, { subject: "user", subjectId: user.id }, input);
    return {
      result: user.id,
      kind: "user",
      subjectId: user.id,
      action: "user.create",
      after: describeInput(input),
    };
  });
  return await showUser(actor, id);
}

export async function changeUser(actor: Actor, id: string, input: UserUpdate): Promise<UserInfo> {
  assertSomeField(input);
  await applyChange(actor, async (tx) => {
    const before = await readStored(tx, id);
    if (input.role === "member" || input.is_suspended === true) {
      await assertNotLastAdmin(tx, standingOf(before));
    }
    await updateUser(tx, {
      id,
      name: input.name,
      role: input.role,
      suspendedAt: suspensionOf(before, input.is_suspended),
    });
    if (input.is_suspended === true) {
      await endSessions(tx, { userId: id });
    }
    await saveBudget(tx, { subject: "user", subjectId: id }, input);
    return {
      result: undefined,
      kind: "user",
      subjectId: id,
      action: "user.update",
      before: fieldsBefore(before, input),
      after: describeInput(input),
    };
  });
  return await showUser(actor, id);
}

async function readStored(tx: Db, id: string): Promise<UserInfo> {
  const row = requireFound(await getUser(tx, { id }), "user");
  const budgetOf = await readStoredBudgetFields(tx, { subject: "user", subjectIds: [id] });
  return infoOf(row, budgetOf(id));
}

/** A user who is suspended already keeps the moment from which that holds. */
function suspensionOf(before: UserInfo, wanted: boolean | undefined): Date | null | undefined {
  if (wanted === undefined || wanted === before.is_suspended) {
    return undefined;
  }
  return wanted ? new Date() : null;
}

function standingOf({ id, role, is_suspended: isSuspended }: UserInfo) {
  return { id, role, isSuspended };
}

/** Removes a user who never had a key. Log rows and keys name their owner, so others are suspended. */
export async function removeUser(actor: Actor, id: string): Promise<void> {
  await applyChange(actor, async (tx) => {
    const before = await readStored(tx, id);
    await assertNotLastAdmin(tx, standingOf(before));
    if ((await countKeysOfUser(tx, { id })) > 0) {
      throw new ConduitError("conflict", {
        message: "Keys and log entries name this user. Set 'is_suspended' to true instead.",
      });
    }
    await saveBudget(tx, { subject: "user", subjectId: id }, { budget_limit_usd: null });
    await deleteUser(tx, { id });
    return {
      result: undefined,
      kind: "user",
      subjectId: id,
      action: "user.delete",
      before: { email: before.email, name: before.name, role: before.role },
    };
  });
}
