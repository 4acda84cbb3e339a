import { z } from "zod";
import { ConduitError } from "#lib/errors.ts";
import { assertReachable, getJson } from "#lib/providers/guarded-get.ts";
import { singleton } from "#lib/singleton.ts";

/** What an identity provider says of itself (OpenID Connect Discovery 1.0, section 3). */
const discoveryDocument = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
  userinfo_endpoint: z.string().optional(),
  scopes_supported: z.array(z.string()).optional(),
  claims_supported: z.array(z.string()).optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  id_token_signing_alg_values_supported: z.array(z.string()).optional(),
});
export type Discovery = z.infer<typeof discoveryDocument>;

const KEPT_MS = 10 * 60_000;

interface Kept {
  at: number;
  document: Discovery;
}

/**
 * Asks an issuer for its endpoints; what it said is remembered for ten minutes unless `fresh`.
 * Throws a `ConduitError` whose sentence an administrator can act on.
 */
export async function discover(
  issuer: string,
  { fresh }: { fresh: boolean } = { fresh: false },
): Promise<Discovery> {
  const known = singleton("sso.discovery", () => new Map<string, Kept>());
  const kept = known.get(issuer);
  if (!fresh && kept !== undefined && Date.now() - kept.at < KEPT_MS) {
    return kept.document;
  }
  const document = read(
    await getJson(`${issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`),
    issuer,
  );
  known.set(issuer, { at: Date.now(), document });
  return document;
}

function read(value: unknown, issuer: string): Discovery {
  const parsed = discoveryDocument.safeParse(value);
  if (!parsed.success) {
    const missing = parsed.error.issues[0]?.path.join(".") ?? "";
    throw unusable(`The issuer's document has no usable '${missing}'.`);
  }
  const document = parsed.data;
  if (document.issuer.replace(/\/+$/, "") !== issuer.replace(/\/+$/, "")) {
    throw unusable(`The document there belongs to another issuer, ${document.issuer}.`);
  }
  const { token_endpoint, jwks_uri, userinfo_endpoint } = document;
  for (const endpoint of [token_endpoint, jwks_uri, userinfo_endpoint ?? issuer]) {
    assertReachable(endpoint);
  }
  return document;
}

function unusable(message: string): ConduitError {
  return new ConduitError("upstream_protocol", { message, param: "issuer" });
}
