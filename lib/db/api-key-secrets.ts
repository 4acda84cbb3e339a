import { and, eq, gt, isNull, lte } from "drizzle-orm";
import { apiKeySecrets } from "#drizzle/schema/api-key-secrets.ts";
import type { Db } from "./client.ts";

export interface SecretValues {
  id: string;
  keyId: string;
  digest: Buffer;
  pepperVersion: string;
  hint: string;
  /** When it ends by itself; a key's present secret does not. */
  validUntil?: Date;
}

export async function insertSecret(db: Db, params: SecretValues): Promise<void> {
  await db.insert(apiKeySecrets).values({
    id: params.id,
    keyId: params.keyId,
    digest: params.digest,
    pepperVersion: params.pepperVersion,
    hint: params.hint,
    validUntil: params.validUntil,
  });
}

/**
 * Makes room for a new present secret: the one before stays valid until `validUntil`, and a still
 * older one, from a rotation that is not over, ends now. No more than two ever open a key.
 */
export async function retireSecrets(
  db: Db,
  params: { keyId: string; validUntil: Date; now: Date },
): Promise<void> {
  const { keyId, validUntil, now } = params;
  await db
    .update(apiKeySecrets)
    .set({ validUntil: now })
    .where(and(eq(apiKeySecrets.keyId, keyId), gt(apiKeySecrets.validUntil, now)));
  await db
    .update(apiKeySecrets)
    .set({ validUntil })
    .where(and(eq(apiKeySecrets.keyId, keyId), isNull(apiKeySecrets.validUntil)));
}

/** Ends the secrets that a rotation left valid for a while. */
export async function endGrace(db: Db, params: { keyId: string; now: Date }): Promise<void> {
  const { keyId, now } = params;
  await db
    .update(apiKeySecrets)
    .set({ validUntil: now })
    .where(and(eq(apiKeySecrets.keyId, keyId), gt(apiKeySecrets.validUntil, now)));
}

/** Removes secrets that have ended: of a playground, which is given a new one every few minutes. */
export async function deleteEndedSecrets(
  db: Db,
  params: { keyId: string; now: Date },
): Promise<void> {
  await db
    .delete(apiKeySecrets)
    .where(and(eq(apiKeySecrets.keyId, params.keyId), lte(apiKeySecrets.validUntil, params.now)));
}
