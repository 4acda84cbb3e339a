import { findSession, sessionMs } from "#lib/auth/session.ts";
import { safeCallbackUrl } from "#lib/contract/callback-url.ts";
import { getEnv } from "#lib/env.ts";
import { getLog } from "#lib/log.ts";
import { cookieName, cookieOptions, isSecure } from "./session-cookie.ts";
import { credentialsProvider, type SignInFlow } from "./sign-in-flow.ts";
import { receiveIdentity, type SsoIntent } from "./sso-flow.ts";
import { type Claims, oidcProvider } from "./sso-provider.ts";
import { readSso } from "./sso-settings.ts";
import { startSession } from "./start-session.ts";

/** next-auth's options for one run: passwords, and the identity provider when there is one. */
export async function nextAuthOptions(
  flow: SignInFlow,
  { secret, provider, intent }: { secret: string; provider: string; intent: SsoIntent },
) {
  const { basePath } = getEnv();
  // A password has to work while the identity provider cannot be reached, so nobody asks it then.
  const stored = provider === "oidc" ? await readSso() : undefined;
  const oidc =
    stored === undefined ? [] : [await oidcProvider(stored, { again: intent === "step-up" })];
  return {
    secret,
    providers: [credentialsProvider(flow), ...oidc],
    session: { strategy: "jwt" as const, maxAge: Math.floor(sessionMs() / 1000) },
    pages: { signIn: `${basePath}/sign-in`, error: `${basePath}/sign-in` },
    useSecureCookies: isSecure(),
    cookies: {
      sessionToken: { name: cookieName("sid"), options: cookieOptions() },
      csrfToken: { name: cookieName("csrf"), options: cookieOptions() },
      callbackUrl: { name: cookieName("callback"), options: cookieOptions() },
      pkceCodeVerifier: { name: cookieName("pkce"), options: cookieOptions() },
      state: { name: cookieName("state"), options: cookieOptions() },
      nonce: { name: cookieName("nonce"), options: cookieOptions() },
    },
    logger: {
      error: (code: string, metadata: unknown) =>
        getLog().warn({ err: errorOf(metadata), code }, "next-auth refused a sign-in"),
      warn: (code: string) => getLog().debug({ code }, "next-auth"),
      debug: () => undefined,
    },
    callbacks: {
      redirect: ({ url, baseUrl }: { url: string; baseUrl: string }) => landing(url, baseUrl),
      signIn: async ({
        account,
        profile,
      }: {
        account: { type: string } | null;
        profile?: unknown;
      }) => {
        if (account?.type === "credentials" || stored === undefined) {
          return account?.type === "credentials";
        }
        const { previousSid } = flow;
        const current = previousSid === undefined ? undefined : await findSession(previousSid);
        return await receiveIdentity(flow, { stored, claims: profile as Claims, intent, current });
      },
      // The token carries the opaque id and nothing else: the row decides, at every request.
      jwt: async () => ({ sid: await openFor(flow) }),
    },
  };
}

function errorOf(metadata: unknown): unknown {
  return typeof metadata === "object" && metadata !== null && "error" in metadata
    ? metadata.error
    : metadata;
}

async function openFor(flow: SignInFlow): Promise<string> {
  const { visitor, previousSid, userId, method, isProved } = flow;
  if (userId === undefined || method === undefined) {
    throw new Error("next-auth asked for a session before anybody had signed in.");
  }
  return (await startSession({ visitor, userId, method, previousSid, isProved })).sid;
}

/** A path of ours as an absolute address; what next-auth remembers of one has the base path. */
function landing(url: string, baseUrl: string): string {
  const { basePath } = getEnv();
  const path = url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length) : url;
  const local = path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path;
  return `${baseUrl}${basePath}${safeCallbackUrl(local)}`;
}
