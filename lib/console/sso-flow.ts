import type { LivingSession } from "#lib/auth/session.ts";
import { getEnv } from "#lib/env.ts";
import { getLog } from "#lib/log.ts";
import type { SignInFlow } from "./sign-in-flow.ts";
import { admitIdentity, type SsoRefusal } from "./sso-account.ts";
import type { Claims } from "./sso-provider.ts";
import { identityOf } from "./sso-roles.ts";
import type { StoredSso } from "./sso-settings.ts";
import { saveSsoTest } from "./sso-test.ts";

/** Why somebody was sent to the identity provider. */
export const SSO_INTENTS = ["sign-in", "step-up", "test"] as const;
export type SsoIntent = (typeof SSO_INTENTS)[number];

/** A proof of identity is worth something only when it was given just now. */
const FRESH_SECONDS = 5 * 60;

/**
 * What becomes of somebody whom the identity provider has sent back: `true` when they are signed in
 * (`flow.userId` says as whom), else the page to show them.
 */
export async function receiveIdentity(
  flow: SignInFlow,
  params: {
    stored: StoredSso;
    claims: Claims;
    intent: SsoIntent;
    current: LivingSession | undefined;
  },
): Promise<true | string> {
  const { stored, claims, intent, current } = params;
  if (intent === "test") {
    return await receiveTest({ stored, claims, current });
  }
  const identity = identityOf(claims, stored.config);
  if (identity === undefined) {
    return refusedAt("no_email");
  }
  if (intent === "step-up" && !isFresh(claims)) {
    getLog().warn("the identity provider did not say that it signed the person in just now");
    return localPath("/sign-in/confirmed?error=1");
  }
  const admitted = await admitIdentity(flow.visitor, { config: stored.config, identity });
  if ("refused" in admitted) {
    getLog().warn({ why: admitted.refused, email: identity.email }, "single sign-on was refused");
    return refusedAt(admitted.refused);
  }
  if (intent === "step-up") {
    if (current?.person.id !== admitted.userId) {
      return localPath("/sign-in/confirmed?error=1");
    }
    flow.isProved = true;
  }
  flow.userId = admitted.userId;
  flow.method = "oidc";
  return true;
}

async function receiveTest(params: {
  stored: StoredSso;
  claims: Claims;
  current: LivingSession | undefined;
}): Promise<string> {
  const { stored, claims, current } = params;
  if (current?.person.isAdmin !== true) {
    return localPath("/sign-in");
  }
  await saveSsoTest({ userId: current.person.id, stored, claims });
  return localPath("/sign-in/confirmed?test=1");
}

/**
 * `max_age` was asked for, and whoever heeds it has to say `auth_time`: without one, the provider
 * may have answered from a session of its own.
 */
function isFresh(claims: Claims): boolean {
  const at = claims["auth_time"];
  return typeof at === "number" && Math.abs(Date.now() / 1000 - at) < FRESH_SECONDS;
}

/** Told in the same words to everybody, a suspended person included. */
function refusedAt(why: SsoRefusal): string {
  const error = why === "suspended" ? "sso_refused" : `sso_${why}`;
  return localPath(`/sign-in?error=${error}`);
}

function localPath(path: string): string {
  return `${getEnv().basePath}${path}`;
}
