import type { ApiKeyRotate } from "#lib/contract/api-key.ts";
import { type KeyCreateInput, type RevealedKey, revealOf } from "#lib/contract/api-key-console.ts";
import { getDb } from "#lib/db/client.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { getTeam } from "#lib/db/teams.ts";
import { getUser } from "#lib/db/users.ts";
import { ConduitError } from "#lib/errors.ts";
import { listModels } from "#lib/routing/models.ts";
import { type Actor, requirePerson } from "./actor.ts";
import { rotateApiKey } from "./api-key-endings.ts";
import { createApiKey, showApiKey } from "./api-keys.ts";
import { publicUrl } from "./settings.ts";

/** Makes a key and gives what its reveal shows; the secret is in this answer and nowhere else. */
export async function createKeyToReveal(
  actor: Actor,
  { owner_id: ownerId, ...input }: KeyCreateInput,
): Promise<RevealedKey> {
  const made = await createApiKey(actor, {
    ...input,
    user_email: await emailOf(actor, ownerId),
  });
  const { model } = await showFirstRequest(actor, made.id);
  return revealOf(made, { model, base_url: publicUrl() });
}

/** Gives a key a new secret and what its reveal shows. */
export async function rotateKeyToReveal(
  actor: Actor,
  { id, ...input }: { id: string } & ApiKeyRotate,
): Promise<RevealedKey> {
  const made = await rotateApiKey(actor, id, input);
  const { model } = await showFirstRequest(actor, id);
  return revealOf(made, { model, base_url: publicUrl() });
}

async function emailOf(actor: Actor, ownerId: string | undefined): Promise<string> {
  const person = requirePerson(actor);
  if (ownerId === undefined || ownerId === person.id) {
    return person.email;
  }
  const owner = await getUser(getDb("console"), { id: ownerId });
  if (owner === undefined) {
    throw new ConduitError("invalid_value", {
      message: "'owner_id' names a person who does not exist.",
      param: "owner_id",
    });
  }
  return owner.email;
}

/** What a first request of a key needs: an alias it may ask for before any other name. */
export async function showFirstRequest(
  actor: Actor,
  id: string,
): Promise<Pick<RevealedKey, "model" | "base_url">> {
  const key = await showApiKey(actor, id);
  const team =
    key.team_id === null ? undefined : await getTeam(getDb("console"), { id: key.team_id });
  const lists = [key.allowed_models, team?.allowedModels ?? null].filter((list) => list !== null);
  const [first, second] = lists;
  const allowed =
    first === undefined ? null : new Set(first.filter((name) => second?.includes(name) ?? true));
  const models = listModels({ snapshot: currentSnapshot(), allowedModels: allowed });
  const model = models.find(({ kind }) => kind === "alias") ?? models[0];
  return { model: model?.name ?? null, base_url: publicUrl() };
}
