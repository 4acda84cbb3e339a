import { originOf, resolveBaseUrl } from "#lib/catalog/base-url.ts";
import { getProvider } from "#lib/catalog/providers.ts";

/** What a provider key is sealed for. */
export interface CredentialUse {
  credentialId: string;
  /** The deployment's provider. */
  provider: string;
  /** The deployment's `api_base` as stored; null is the provider row's. */
  apiBase: string | null;
}

/**
 * The context that a provider key is sealed and opened with. It names the row and the origin that
 * the key may be sent to, so a key moved to another row, or a deployment pointed elsewhere by
 * whatever means, no longer opens. Sealing and opening both come here. Throws for an unknown
 * provider and for a base URL that is none.
 */
export function credentialContext(use: CredentialUse): string {
  const provider = getProvider(use.provider);
  const baseUrl = provider === undefined ? undefined : resolveBaseUrl(provider, use.apiBase);
  if (baseUrl === undefined) {
    throw new Error(`A key for ${use.provider} has no origin to be bound to.`);
  }
  return ["conduit", "cred", "v1", use.credentialId, use.provider, originOf(baseUrl)].join("|");
}
