import { encode } from "next-auth/jwt";
import { getSecrets } from "#lib/auth/bootstrap.ts";
import { makeSession, type PersonActor } from "./people.ts";

/**
 * What a browser sends, for code that asks `next/headers` for it: put
 * `vi.mock("next/headers", async () => (await import("#lib/testing/fake-browser.ts")).nextHeaders)`
 * at the top of the test.
 */
export interface FakeBrowser {
  /** Puts the cookie of a fresh session into the jar; gives what is in it. */
  signIn(actor: PersonActor): Promise<{ id: string; sid: string }>;
  /** A cookie for the same person under another secret. */
  forge(actor: PersonActor): Promise<string>;
  /** Headers of the next requests; `null` leaves one out. */
  send(headers: Readonly<Record<string, string | null>>): void;
  cookie(name: string): string | undefined;
  setCookie(name: string, value: string): void;
  /** What was said of a cookie when it was set last. */
  attributes(name: string): Readonly<Record<string, unknown>> | undefined;
}

interface Jar {
  cookies: Map<string, string>;
  attributes: Map<string, Record<string, unknown>>;
  headers: Headers;
}

const HOST = "console.example:8000";
const OWN_HEADERS = {
  host: HOST,
  origin: `http://${HOST}`,
  "sec-fetch-site": "same-origin",
  "user-agent": "a browser",
  "x-conduit-client-ip": "192.0.2.7",
};

let jar: Jar = emptyJar();

function emptyJar(): Jar {
  return { cookies: new Map(), attributes: new Map(), headers: new Headers(OWN_HEADERS) };
}

/** The module that Next would have given. */
export const nextHeaders = {
  headers: async () => jar.headers,
  cookies: async () => ({
    get: (name: string) => {
      const value = jar.cookies.get(name);
      return value === undefined ? undefined : { name, value };
    },
    getAll: () => [...jar.cookies].map(([name, value]) => ({ name, value })),
    set: (name: string, value: string, attributes: Record<string, unknown>) => {
      jar.attributes.set(name, attributes);
      if (attributes["maxAge"] === 0) {
        jar.cookies.delete(name);
      } else {
        jar.cookies.set(name, value);
      }
    },
  }),
};

/** A browser without cookies, on one of our own pages. */
export function openFakeBrowser(): FakeBrowser {
  jar = emptyJar();
  const seal = (sid: string, secret: string) => encode({ token: { sid }, secret, maxAge: 3600 });
  return {
    signIn: async (actor) => {
      const session = await makeSession(actor.principal.id);
      const token = await seal(session.sid, getSecrets().authSecret.reveal());
      jar.cookies.set("conduit.sid", token);
      return session;
    },
    forge: async (actor) =>
      await seal((await makeSession(actor.principal.id)).sid, "a secret of somebody else's"),
    send: (headers) => {
      for (const [name, value] of Object.entries(headers)) {
        if (value === null) {
          jar.headers.delete(name);
        } else {
          jar.headers.set(name, value);
        }
      }
    },
    cookie: (name) => jar.cookies.get(name),
    setCookie: (name, value) => jar.cookies.set(name, value),
    attributes: (name) => jar.attributes.get(name),
  };
}
