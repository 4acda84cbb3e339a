import type { Person } from "#lib/auth/principal.ts";
import {
  GRANT_MINUTES,
  PLAYGROUND_BUDGET_USD,
  type PlaygroundBudget,
  type PlaygroundGrant,
} from "#lib/contract/playground.ts";
import { deleteEndedSecrets, insertSecret } from "#lib/db/api-key-secrets.ts";
import { listBudgetsOf } from "#lib/db/budgets-list.ts";
import { type Db, getDb } from "#lib/db/client.ts";
import {
  getPlaygroundKey,
  insertPlaygroundKey,
  lockPlayground,
  type PlaygroundOwner,
} from "#lib/db/playground-keys.ts";
import { ConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { formatUsd, parseUsd } from "#lib/money.ts";
import { type Actor, requirePerson } from "./actor.ts";
import { assertWithinTeam, limitsAfter } from "./api-key-caps.ts";
import { readTeamCaps } from "./api-key-team.ts";
import { saveBudget } from "./budget-save.ts";
import { budgetUseOf } from "./budget-use.ts";
import { readLiveBudgets } from "./budget-view.ts";
import { applyChange } from "./change.ts";
import { mintToken } from "./mint.ts";

const FIRST_BUDGET = {
  budget_limit_usd: parseUsd(PLAYGROUND_BUDGET_USD),
  budget_period: "month",
  soft_limit_percent: 80,
} as const;

/**
 * A secret that opens `/v1` for ten minutes as this person. It is of a key that only the playground
 * uses: its requests are logged as theirs, under a budget of its own.
 */
export async function grantPlayground(
  actor: Actor,
  { team_id: teamId }: { team_id: string | null },
): Promise<PlaygroundGrant> {
  const owner = ownerOf(requirePerson(actor), teamId);
  return await applyChange(actor, async (tx) => {
    const keyId = await ensureKey(tx, owner);
    const now = new Date();
    const validUntil = new Date(now.getTime() + GRANT_MINUTES * 60_000);
    await deleteEndedSecrets(tx, { keyId, now });
    const { token, ...secret } = mintToken("pg");
    await insertSecret(tx, { id: newId(), keyId, ...secret, validUntil });
    return {
      result: { token, expires_at: validUntil.toISOString() },
      kind: "api_key",
      subjectId: keyId,
      action: "playground.grant",
      after: { key_prefix: secret.hint, valid_until: validUntil.toISOString() },
      teamId,
    };
  });
}

/** Whose playground is meant. Throws 400 for a team that the person is not in. */
function ownerOf(person: Person, teamId: string | null): PlaygroundOwner {
  const isOpen =
    teamId === null ? mayUseAlone(person) : person.teams.some(({ id }) => id === teamId);
  if (!isOpen) {
    throw new ConduitError("invalid_value", {
      message: "'team_id' has to name one of your teams.",
      param: "team_id",
    });
  }
  return { userId: person.id, teamId };
}

/** Who is in a team is held to a team's limits; alone are admins and people without one. */
export function mayUseAlone(person: Person): boolean {
  return person.isAdmin || person.teams.length === 0;
}

async function ensureKey(tx: Db, owner: PlaygroundOwner): Promise<string> {
  await lockPlayground(tx, owner);
  const present = await getPlaygroundKey(tx, owner);
  if (present !== undefined) {
    return present.id;
  }
  const id = newId();
  await insertPlaygroundKey(tx, { id, ...owner });
  await saveBudget(tx, { subject: "key", subjectId: id }, FIRST_BUDGET);
  return id;
}

/** What a playground may still spend; before its first use, what it will be given. */
export async function showPlaygroundBudget(
  actor: Actor,
  { team_id: teamId }: { team_id: string | null },
): Promise<PlaygroundBudget> {
  return await readPlaygroundBudget(getDb("console"), ownerOf(requirePerson(actor), teamId));
}

export async function readPlaygroundBudget(
  db: Db,
  owner: PlaygroundOwner,
): Promise<PlaygroundBudget> {
  const key = await getPlaygroundKey(db, owner);
  const rows =
    key === undefined ? [] : await listBudgetsOf(db, { subject: "key", subjectIds: [key.id] });
  const [row] = rows;
  const use = row && budgetUseOf(row, (await readLiveBudgets(rows))(row));
  if (use === undefined) {
    const limit_usd = PLAYGROUND_BUDGET_USD;
    const { budget_period: period } = FIRST_BUDGET;
    return { limit_usd, remaining_usd: limit_usd, spent_usd: "0", period, resets_at: null };
  }
  const { limit_usd, remaining_usd, spent_usd, period, resets_at } = use;
  return { limit_usd, remaining_usd, spent_usd, period, resets_at };
}

/**
 * Sets what one's own playground may spend in a month. An admin sets any amount; others may go up to
 * what everybody is given, and stay within their team's limit.
 */
export async function setPlaygroundBudget(
  actor: Actor,
  input: { team_id: string | null; budget_limit_usd: bigint },
): Promise<PlaygroundBudget> {
  const person = requirePerson(actor);
  const { team_id: teamId, budget_limit_usd } = input;
  const owner = ownerOf(person, teamId);
  const most = FIRST_BUDGET.budget_limit_usd ?? 0n;
  if (!person.isAdmin && budget_limit_usd > most) {
    throw new ConduitError("invalid_value", {
      message: `'budget_limit_usd' may be at most $${formatUsd(most)}. Ask an admin for more.`,
      param: "budget_limit_usd",
    });
  }
  await applyChange(actor, async (tx) => {
    const keyId = await ensureKey(tx, owner);
    const budget = { ...FIRST_BUDGET, budget_limit_usd };
    const { team, teamBudget } = await readTeamCaps(tx, teamId);
    assertWithinTeam(limitsAfter(undefined, budget), { team, budget: teamBudget });
    await saveBudget(tx, { subject: "key", subjectId: keyId }, budget);
    return {
      result: undefined,
      kind: "api_key",
      subjectId: keyId,
      action: "playground.budget.set",
      after: { budget_limit_usd: formatUsd(budget_limit_usd) },
      teamId,
    };
  });
  return await showPlaygroundBudget(actor, { team_id: teamId });
}
