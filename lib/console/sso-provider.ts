import { upstreamLookup } from "#lib/providers/egress.ts";
import { type Discovery, discover } from "./sso-discovery.ts";
import { openClientSecret, type StoredSso } from "./sso-settings.ts";

/** What the identity provider said of a person: the claims of the id token and of `userinfo`. */
export type Claims = Readonly<Record<string, unknown>>;

interface OidcClient {
  userinfo(tokens: unknown): Promise<Record<string, unknown>>;
}
interface OidcTokens {
  claims(): Record<string, unknown>;
}

const TIMEOUT_MS = 5000;

/**
 * next-auth's provider for the stored identity provider. Its endpoints come from our own look-up,
 * which keeps to the egress rules, and its sockets resolve names under the same rules. A fresh proof
 * of identity asks the provider to sign the person in again.
 */
export async function oidcProvider(stored: StoredSso, { again }: { again: boolean }) {
  const { config } = stored;
  const found = await discover(config.issuer);
  return {
    id: "oidc",
    name: config.name,
    type: "oauth" as const,
    issuer: found.issuer,
    authorization: {
      url: found.authorization_endpoint,
      params: {
        scope: config.scopes.join(" "),
        ...(again ? { prompt: "login", max_age: "0" } : {}),
      },
    },
    token: { url: found.token_endpoint },
    userinfo: {
      url: found.userinfo_endpoint,
      request: async ({ client, tokens }: { client: OidcClient; tokens: OidcTokens }) => {
        const claims = tokens.claims();
        // Groups and addresses are often told here alone.
        const more = found.userinfo_endpoint === undefined ? {} : await client.userinfo(tokens);
        return { ...more, ...claims };
      },
    },
    jwks_endpoint: found.jwks_uri,
    clientId: config.client_id,
    clientSecret: openClientSecret(stored)?.reveal() ?? "",
    client: {
      token_endpoint_auth_method: authMethodOf(stored, found),
      id_token_signed_response_alg: algorithmOf(found),
    },
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    httpOptions: { timeout: TIMEOUT_MS, lookup: upstreamLookup() },
    profile: (claims: Claims) => ({ id: String(claims["sub"] ?? "") }),
  };
}

/** The two that every provider knows one of; the default of the standard is `basic`. */
function authMethodOf(stored: StoredSso, found: Discovery): string {
  if (stored.secret === null) {
    return "none";
  }
  const known = found.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  return known.includes("client_secret_basic") ? "client_secret_basic" : "client_secret_post";
}

function algorithmOf(found: Discovery): string {
  const known = found.id_token_signing_alg_values_supported ?? ["RS256"];
  return known.includes("RS256") ? "RS256" : (known.find((name) => name !== "none") ?? "RS256");
}
