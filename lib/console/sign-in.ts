import { createHash, randomBytes } from "node:crypto";
import { cookies, headers } from "next/headers";
import NextAuth, { type AuthOptions } from "next-auth";
import { decode, encode } from "next-auth/jwt";
import { getSecrets } from "#lib/auth/bootstrap.ts";
import {
  findSession,
  type LivingSession,
  revokeSession,
  sessionMs,
  stepUpSession,
} from "#lib/auth/session.ts";
import {
  assertSetupToken as assertToken,
  isSetupComplete as isOver,
} from "#lib/auth/setup-token.ts";
import type { SessionMethod } from "#lib/db/sessions.ts";
import { newId } from "#lib/ids.ts";
import {
  type AuthAnswer,
  type AuthCall,
  AuthResponse,
  authRequest,
  withoutErrorPage,
} from "./next-auth-call.ts";
import { nextAuthOptions } from "./next-auth-options.ts";
import { checkOwnPassword, type PasswordVerdict } from "./password-sign-in.ts";
import { cookieName, cookieOptions, isSecure } from "./session-cookie.ts";
import { recordSignIn } from "./sign-in-audit.ts";
import type { SignInFlow } from "./sign-in-flow.ts";
import { SSO_INTENTS, type SsoIntent } from "./sso-flow.ts";
import { startSession } from "./start-session.ts";
import { visitorOf } from "./visitor.ts";

/** How long somebody may take at the identity provider. */
const INTENT_SECONDS = 15 * 60;

/** Whether somebody has finished the setup. Until then every page of the console leads there. */
export async function isSetupComplete(): Promise<boolean> {
  return await isOver();
}

/** Throws 400 naming `setup_token` for a wrong token, and 404 once the setup is over. */
export async function assertSetupToken(token: string, ip: string | null): Promise<void> {
  await assertToken(token, ip);
}

/** The session that the browser's cookie names, if the row behind it still stands. */
export async function currentSession(): Promise<LivingSession | undefined> {
  const sid = await readSid();
  return sid === undefined ? undefined : await findSession(sid);
}

/**
 * Signs a person in who has proved who they are by other means: at the end of the setup, with an
 * invitation, with a link for a new password. Call it in a server action.
 */
export async function signInAs(userId: string, method: SessionMethod): Promise<void> {
  const visitor = visitorOf(await headers(), newId());
  const started = await startSession({ visitor, userId, method, previousSid: await readSid() });
  await writeSid(started);
}

/** Signs in with an address and a password. Call it in a server action. */
export async function signInWithPassword(credentials: {
  email: string;
  password: string;
}): Promise<PasswordVerdict> {
  const flow = await openFlow();
  const answer = await postToNextAuth(flow, ["callback", "credentials"], credentials);
  const { verdict } = flow;
  const token = sessionTokenOf(answer);
  if (verdict?.kind === "accepted" && token !== undefined) {
    await writeToken(token, new Date(Date.now() + sessionMs()));
    return verdict;
  }
  return verdict?.kind === "wait" ? verdict : { kind: "refused" };
}

/**
 * Checks the password of the person who is signed in and gives their session a new opaque id, which
 * counts as a fresh proof of identity. Call it in a server action.
 */
export async function confirmPassword(password: string): Promise<PasswordVerdict> {
  const session = await currentSession();
  if (session === undefined) {
    return { kind: "refused" };
  }
  const { person } = session;
  const visitor = visitorOf(await headers(), newId());
  const verdict = await checkOwnPassword(visitor, { userId: person.id, password });
  if (verdict.kind === "accepted") {
    await renewSession();
    await recordSignIn(visitor, {
      action: "session.confirm",
      actor: { type: "user", id: person.id, name: person.email },
      targetId: person.sessionId,
    });
  }
  return verdict;
}

/** Gives the browser's session a new opaque id after a proof of identity. Call it in a server action. */
export async function renewSession(): Promise<void> {
  const session = await currentSession();
  if (session !== undefined) {
    const { sid } = await stepUpSession(session.person.sessionId);
    await writeSid({ sid, expiresAt: session.expiresAt });
  }
}

/** Ends the session of the browser and takes its cookie away. Call it in a server action. */
export async function signOut(): Promise<void> {
  const session = await currentSession();
  if (session !== undefined) {
    const { id, email, sessionId } = session.person;
    await revokeSession({ id: sessionId, userId: id });
    await recordSignIn(visitorOf(await headers(), newId()), {
      action: "session.end",
      actor: { type: "user", id, name: email },
      targetId: sessionId,
    });
  }
  (await cookies()).set(cookieName("sid"), "", { ...cookieOptions(), maxAge: 0 });
}

/** Puts a new opaque id into the browser's cookie. */
async function writeSid(started: { sid: string; expiresAt: Date }): Promise<void> {
  const maxAge = Math.max(1, Math.ceil((started.expiresAt.getTime() - Date.now()) / 1000));
  const token = await encode({ token: { sid: started.sid }, secret: secret(), maxAge });
  await writeToken(token, started.expiresAt);
}

async function writeToken(token: string, expires: Date): Promise<void> {
  (await cookies()).set(cookieName("sid"), token, { ...cookieOptions(), expires });
}

/** The opaque id in the cookie, when the cookie is one of ours. */
async function readSid(): Promise<string | undefined> {
  return await claimOf((await cookies()).get(cookieName("sid"))?.value, "sid");
}

async function claimOf(token: string | undefined, name: string): Promise<string | undefined> {
  if (token === undefined || token === "") {
    return undefined;
  }
  // Outside the `try`: a secret that is missing is a fault of ours and must not look like a guest.
  const key = secret();
  try {
    const value = (await decode({ token, secret: key }))?.[name];
    return typeof value === "string" ? value : undefined;
  } catch {
    // Altered, out of date, or sealed under another secret.
    return undefined;
  }
}

async function readCookies(): Promise<Record<string, string>> {
  return Object.fromEntries((await cookies()).getAll().map(({ name, value }) => [name, value]));
}

/** The cookie that next-auth would have set on an answer, without its attributes. */
function sessionTokenOf({ setCookies }: AuthAnswer): string | undefined {
  const start = `${cookieName("sid")}=`;
  const found = setCookies.find((cookie) => cookie.startsWith(start));
  return found === undefined
    ? undefined
    : decodeURIComponent(found.slice(start.length).split(";")[0] ?? "");
}

function secret(): string {
  return getSecrets().authSecret.reveal();
}

/** Sends somebody to the identity provider; `intent` says what for, and is kept in a sealed cookie. */
export async function beginSso(query: Readonly<Record<string, string>>): Promise<AuthAnswer> {
  const intent = SSO_INTENTS.find((each) => each === query["intent"]) ?? "sign-in";
  const flow: SignInFlow = await openFlow();
  const callbackUrl = intent === "step-up" ? "/sign-in/confirmed" : (query["callbackUrl"] ?? "/");
  const answer = await postToNextAuth(flow, ["signin", "oidc"], { callbackUrl }, intent);
  const sealed = await encode({ token: { intent }, secret: secret(), maxAge: INTENT_SECONDS });
  const attributes = `Path=/; Max-Age=${INTENT_SECONDS}; HttpOnly; SameSite=Lax${isSecure() ? "; Secure" : ""}`;
  const cookie = `${cookieName("intent")}=${sealed}; ${attributes}`;
  return { ...answer, setCookies: [...answer.setCookies, cookie] };
}

/** Hands one of the routes under `/api/auth` over to next-auth. */
export async function forwardToNextAuth(request: {
  method: "GET" | "POST";
  path: readonly string[];
  query: Readonly<Record<string, string>>;
  body: Readonly<Record<string, string>> | undefined;
}): Promise<AuthAnswer> {
  const call = { ...request, body: request.body ?? {}, cookies: await readCookies() };
  const answer = await callNextAuth(await openFlow(), { ...call, headers: await headers() });
  return withoutErrorPage(answer, await readIntent());
}

async function openFlow(): Promise<SignInFlow> {
  return { visitor: visitorOf(await headers(), newId()), previousSid: await readSid() };
}

/** Calls next-auth on behalf of one of our own pages, which are guarded by where they come from. */
async function postToNextAuth(
  flow: SignInFlow,
  path: readonly string[],
  body: Readonly<Record<string, string>>,
  intent?: SsoIntent,
): Promise<AuthAnswer> {
  const token = randomBytes(32).toString("hex");
  const digest = createHash("sha256").update(`${token}${secret()}`).digest("hex");
  const known = await readCookies();
  const call: AuthCall = {
    method: "POST",
    path,
    query: {},
    body: { ...body, csrfToken: token },
    cookies: { ...known, [cookieName("csrf")]: `${token}|${digest}` },
    headers: await headers(),
  };
  return await callNextAuth(flow, call, intent);
}

async function callNextAuth(
  flow: SignInFlow,
  call: AuthCall,
  intent?: SsoIntent,
): Promise<AuthAnswer> {
  const response = new AuthResponse();
  // Its handler for API routes asks no more of the two than `authRequest` and `AuthResponse` give.
  const handler = NextAuth as unknown as (
    req: unknown,
    res: AuthResponse,
    options: AuthOptions,
  ) => Promise<void>;
  const options = await nextAuthOptions(flow, {
    secret: secret(),
    provider: call.path[1] ?? "",
    intent: intent ?? (await readIntent()),
  });
  // The types of a provider demand fields that its code fills in by itself.
  await handler(authRequest(call), response, options as unknown as AuthOptions);
  return response.answer();
}

async function readIntent(): Promise<SsoIntent> {
  const token = (await cookies()).get(cookieName("intent"))?.value;
  const intent = await claimOf(token, "intent");
  return SSO_INTENTS.find((each) => each === intent) ?? "sign-in";
}
