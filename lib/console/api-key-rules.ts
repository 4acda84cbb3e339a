import { type Person, roleOf } from "#lib/auth/principal.ts";
import type { ApiKeyCreate, ApiKeyUpdate } from "#lib/contract/api-key.ts";
import { listApiKeys } from "#lib/db/api-key-admin.ts";
import { getLastDisabling } from "#lib/db/api-key-audit.ts";
import type { Db } from "#lib/db/client.ts";
import { getMember } from "#lib/db/members.ts";
import { currentSettings } from "#lib/db/settings.ts";
import type { TeamRow } from "#lib/db/teams.ts";
import { ConduitError } from "#lib/errors.ts";
import { type Actor, ledTeams } from "./actor.ts";
import { assertWithinTeam, type KeyLimits, limitsAfter } from "./api-key-caps.ts";
import { assertOnlyTightened } from "./api-key-tightening.ts";

/** The person behind an actor whose reach ends somewhere; `undefined` for one that reaches all. */
function boundedPerson({ principal }: Actor): Person | undefined {
  return principal.kind === "user" && roleOf(principal) !== "admin" ? principal : undefined;
}

interface NewKey {
  input: ApiKeyCreate;
  /** The owner, when the address is known. */
  owner: { id: string; email: string } | undefined;
  team: TeamRow | undefined;
  teamBudget: KeyLimits["budget"];
}

/**
 * Whether a person may make this key. Who leads its team may, for any member of it and up to the
 * team's limits. Others make keys for themselves only, in a team of theirs if they have one, and
 * only while that is switched on. Throws 403, or 400 naming the field.
 */
export async function assertMayCreate(tx: Db, actor: Actor, key: NewKey): Promise<void> {
  const person = boundedPerson(actor);
  if (person === undefined) {
    return;
  }
  const { input, owner, team } = key;
  const isLed = team !== undefined && ledTeams(person).includes(team.id);
  if (!isLed) {
    assertSelfService(person, key);
    await assertRoom(tx, person);
  } else if (owner === undefined || !(await isMember(tx, { team, owner, person }))) {
    throw refused("user_email", "has to name a member of the key's team.");
  }
  assertWithinTeam(limitsAfter(undefined, input), { team, budget: key.teamBudget });
}

/** Enough for anybody; a loop that makes keys stops here. */
const MAX_OWN_KEYS = 100;

async function assertRoom(tx: Db, { id }: Person): Promise<void> {
  const { total } = await listApiKeys(tx, {
    scope: { all: true },
    userId: id,
    includeRevoked: false,
    limit: 1,
    offset: 0,
    now: new Date(),
  });
  if (total >= MAX_OWN_KEYS) {
    throw refused("user_email", `has ${MAX_OWN_KEYS} keys, which is the most. Revoke one first.`);
  }
}

function assertSelfService(person: Person, { owner, team }: NewKey): void {
  if (owner?.id !== person.id) {
    throw refused("user_email", "has to be your own address: you make keys for yourself only.");
  }
  if (!currentSettings().general.self_service_keys) {
    throw new ConduitError("permission_denied", {
      message: "Members do not make keys here. Ask an admin of your team.",
    });
  }
  assertOwnTeam(person, team?.id ?? null);
}

/** A key outside every team would be held to none of their limits. */
function assertOwnTeam(person: Person, teamId: string | null): void {
  if (teamId === null && person.teams.length > 0) {
    throw refused("team_id", "has to name one of your teams.");
  }
  if (teamId !== null && !person.teams.some(({ id }) => id === teamId)) {
    throw refused("team_id", "names a team that you are not in.");
  }
}

async function isMember(
  tx: Db,
  { team, owner, person }: { team: TeamRow; owner: { id: string }; person: Person },
): Promise<boolean> {
  if (owner.id === person.id) {
    return true;
  }
  return (await getMember(tx, { teamId: team.id, userId: owner.id })) !== undefined;
}

interface KeyEdit {
  id: string;
  input: ApiKeyUpdate;
  before: KeyLimits & { userId: string; teamId: string | null; isActive: boolean };
  /** The team that the key is in after the edit. */
  team: TeamRow | undefined;
  teamBudget: KeyLimits["budget"];
}

/**
 * Whether a person may make this edit. Who leads the key's team sets its limits, up to the team's
 * own; its owner may only tighten them, and switch back on what the owner switched off. The key has
 * to be within the actor's reach already. Throws 403 or 400 naming the field.
 */
export async function assertMayChange(tx: Db, actor: Actor, edit: KeyEdit): Promise<void> {
  const person = boundedPerson(actor);
  if (person === undefined) {
    return;
  }
  const { input, before } = edit;
  const led = ledTeams(person);
  const leads = before.teamId !== null && led.includes(before.teamId);
  if (input.team_id !== undefined && input.team_id !== before.teamId) {
    assertMayMove(person, { from: before.teamId, to: input.team_id, leads });
  }
  if (!leads) {
    assertOnlyTightened(before, input);
    await assertMaySwitchOn(tx, person, edit);
  }
  assertWithinTeam(limitsAfter(before, input), { team: edit.team, budget: edit.teamBudget }, input);
}

/** Out of a team's limits a key is moved only by who leads that team, and into another led one. */
function assertMayMove(
  person: Person,
  { from, to, leads }: { from: string | null; to: string | null; leads: boolean },
): void {
  const intoLed = to !== null && ledTeams(person).includes(to);
  if (from !== null && !(leads && intoLed)) {
    throw refused("team_id", "can be changed by an administrator only.");
  }
  assertOwnTeam(person, to);
}

async function assertMaySwitchOn(tx: Db, person: Person, edit: KeyEdit): Promise<void> {
  if (edit.input.is_active !== true || edit.before.isActive) {
    return;
  }
  const disabling = await getLastDisabling(tx, { keyId: edit.id });
  if (disabling?.actorId !== person.id) {
    throw new ConduitError("permission_denied", {
      message: `${disabling?.actorName ?? "An admin"} switched this key off. Ask them to switch it on.`,
      param: "is_active",
    });
  }
}

function refused(param: string, rule: string): ConduitError {
  return new ConduitError("invalid_value", { message: `'${param}' ${rule}`, param });
}
