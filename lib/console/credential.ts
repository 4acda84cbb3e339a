import { getSecrets } from "#lib/auth/bootstrap.ts";
import { seal } from "#lib/crypto.ts";
import type { Db } from "#lib/db/client.ts";
import { credentialContext } from "#lib/db/credential-context.ts";
import { insertCredential } from "#lib/db/credentials.ts";
import { newId } from "#lib/ids.ts";

const SHOWN = 4;
/** Of a short key even four characters would tell too much. */
const LEAST_LENGTH = 12;

/** Seals a provider's key for the origin of its deployment, and gives the id of its row. */
export async function storeCredential(
  tx: Db,
  params: { provider: string; apiBase: string | null; apiKey: string },
): Promise<string> {
  const { provider, apiBase, apiKey } = params;
  const id = newId();
  const context = credentialContext({ credentialId: id, provider, apiBase });
  await insertCredential(tx, {
    id,
    provider,
    sealed: seal(getSecrets().masterKeys, apiKey, context),
    last4: apiKey.length < LEAST_LENGTH ? "" : apiKey.slice(-SHOWN),
  });
  return id;
}
