import { eq } from "drizzle-orm";
import { deployments } from "#drizzle/schema/deployments.ts";
import { providerCredentials } from "#drizzle/schema/provider-credentials.ts";
import type { Sealed } from "#lib/crypto.ts";
import type { Db } from "./client.ts";

export async function insertCredential(
  db: Db,
  params: { id: string; provider: string; sealed: Sealed; last4: string },
): Promise<void> {
  await db.insert(providerCredentials).values({
    id: params.id,
    provider: params.provider,
    keyVersion: params.sealed.version,
    wrappedKey: params.sealed.wrappedKey,
    box: params.sealed.box,
    last4: params.last4,
  });
}

/** Deletes a credential that no deployment uses any more. */
export async function deleteUnusedCredential(db: Db, params: { id: string }): Promise<void> {
  const users = await db.$count(deployments, eq(deployments.credentialId, params.id));
  if (users === 0) {
    await db.delete(providerCredentials).where(eq(providerCredentials.id, params.id));
  }
}
