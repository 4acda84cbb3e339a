import type { PersonRemoval } from "#lib/contract/people.ts";
import type { Db } from "#lib/db/client.ts";
import { countLivingKeys, retireUser, revokeKeysOf, transferKeys } from "#lib/db/ownership.ts";
import { forgetPromptAuthor } from "#lib/db/prompts.ts";
import { endSessions } from "#lib/db/sessions.ts";
import { countKeysOfUser, deleteUser, getUser, type UserRow } from "#lib/db/users.ts";
import { ConduitError } from "#lib/errors.ts";
import { type Actor, assertWithinReach } from "./actor.ts";
import { saveBudget } from "./budget-save.ts";
import { applyChange } from "./change.ts";
import { requireFound, requireNamed } from "./found.ts";
import { assertNotLastAdmin } from "./last-admin.ts";

/**
 * Removes a person. Living keys need a choice: another person takes them over, or they are revoked.
 * Who has made requests keeps a row without any way in, because log entries name it.
 */
export async function removePerson(actor: Actor, input: PersonRemoval): Promise<void> {
  await applyChange(actor, async (tx) => {
    const user = requireFound(await getUser(tx, { id: input.id }), "person");
    assertWithinReach(actor, "user.delete", { userId: null, teamId: null, what: "person" });
    await assertNotLastAdmin(tx, {
      id: user.id,
      role: user.role,
      isSuspended: user.suspendedAt !== null,
    });
    const at = new Date();
    const keys = await settleKeys(tx, { user, input, at });
    await revokeKeysOf(tx, { owner: { userId: user.id }, at });
    await endSessions(tx, { userId: user.id });
    await saveBudget(tx, { subject: "user", subjectId: user.id }, { budget_limit_usd: null });
    if ((await countKeysOfUser(tx, { id: user.id })) === 0 && keys.moved === 0) {
      await forgetPromptAuthor(tx, { userId: user.id });
      await deleteUser(tx, { id: user.id });
    } else {
      await retireUser(tx, { id: user.id, at });
    }
    return {
      result: undefined,
      kind: "user",
      subjectId: user.id,
      action: "user.delete",
      before: { email: user.email, name: user.name, role: user.role },
      after: { keys_transferred: keys.moved, keys_revoked: keys.revoked },
    };
  });
}

interface Keys {
  moved: number;
  revoked: number;
}

async function settleKeys(
  tx: Db,
  { user, input, at }: { user: UserRow; input: PersonRemoval; at: Date },
): Promise<Keys> {
  const owner = { userId: user.id };
  if ((await countLivingKeys(tx, owner)) === 0) {
    return { moved: 0, revoked: 0 };
  }
  if (input.keys === undefined) {
    throw new ConduitError("invalid_value", {
      message: "This person has keys. Choose who takes them over, or revoke them.",
      param: "keys",
    });
  }
  if (input.keys === "revoke") {
    return { moved: 0, revoked: await revokeKeysOf(tx, { owner, at }) };
  }
  const to = await requireHeir(tx, user, input.transfer_to ?? undefined);
  return { moved: await transferKeys(tx, { from: user.id, to: to.id, at }), revoked: 0 };
}

async function requireHeir(tx: Db, user: UserRow, id: string | undefined): Promise<UserRow> {
  const param = "transfer_to";
  if (id === undefined || id === user.id) {
    throw new ConduitError("invalid_value", {
      message: "Choose the person who takes the keys over.",
      param,
    });
  }
  const heir = requireNamed(await getUser(tx, { id }), { param, what: "person" });
  if (heir.suspendedAt !== null) {
    throw new ConduitError("invalid_value", {
      message: "This person is suspended, and the keys would be refused.",
      param,
    });
  }
  return heir;
}
