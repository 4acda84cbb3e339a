import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACTIONS, type Action } from "#lib/catalog/roles.ts";
import { getSql } from "#lib/db/client.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { byTier, seed } from "#lib/testing/tier.ts";

let api: AdminApi;
beforeAll(async () => {
  api = await openAdminApi();
});
afterAll(() => api.close());

interface Made {
  id: string;
  token: string;
  scopes: readonly string[];
}

/** Asks for a token as somebody; `undefined` when that is refused. */
async function make(scopes: readonly Action[], by?: Made): Promise<Made | undefined> {
  const reply = await api.call("POST", "/tokens", {
    body: { name: "line", scopes },
    ...(by === undefined ? {} : { token: by.token }),
  });
  expect([201, 401, 403]).toContain(reply.status);
  return reply.status === 201 ? { id: reply.body.id, token: reply.body.token, scopes } : undefined;
}

async function require(made: Promise<Made | undefined>): Promise<Made> {
  const token = await made;
  if (token === undefined) {
    throw new Error("The token was refused.");
  }
  return token;
}

const status = async (by: Made, path = "/keys"): Promise<number> =>
  (await api.call("GET", path, { token: by.token })).status;

const SOME: readonly Action[] = ["token.create", "key.read", "team.read", "user.read", "log.read"];
const READS: Partial<Record<Action, string>> = {
  "key.read": "/keys",
  "team.read": "/teams",
  "user.read": "/users",
  "log.read": "/logs",
};

/** A token at the end of a line, if it may be there; that has to be so exactly when it is no wider. */
async function grow(scopes: readonly Action[], maker: Made | undefined): Promise<Made[]> {
  const made = await make(scopes, maker);
  const isWithin =
    maker === undefined ||
    (maker.scopes.includes("token.create") &&
      scopes.every((scope) => maker.scopes.includes(scope)));
  expect(made !== undefined).toBe(isWithin);
  return made === undefined ? [] : [made];
}

/** The last of a line can read exactly what all before it can read too. */
async function expectNoMore(line: readonly Made[]): Promise<void> {
  for (const [action, path] of Object.entries(READS)) {
    const allowed = line.every(({ scopes }) => scopes.includes(action));
    const last = line.at(-1);
    expect(last !== undefined && (await status(last, path)) === 200, action).toBe(allowed);
  }
}

describe(threat("T9"), () => {
  it("no line of tokens, however it is drawn, can do more at its end than at its beginning", async () => {
    const step = fc.subarray([...SOME], { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 4 }), async (steps) => {
        const line: Made[] = [];
        for (const scopes of steps) {
          line.push(...(await grow(scopes, line.at(-1))));
        }
        for (const at of line.keys()) {
          await expectNoMore(line.slice(0, at + 1));
        }
      }),
      { numRuns: byTier({ quick: 15, all: 200 }), seed: seed() },
    );
  });

  it("a token ends with whatever made it, at once and down the whole line", async () => {
    const first = await require(make(SOME));
    const second = await require(make(["token.create", "key.read"], first));
    const third = await require(make(["key.read"], second));
    const stranger = await require(make(["key.read"]));
    expect(await Promise.all([first, second, third].map((made) => status(made)))).toEqual([
      200, 200, 200,
    ]);

    expect((await api.call("DELETE", `/tokens/${first.id}`)).status).toBe(204);

    expect(await Promise.all([first, second, third].map((made) => status(made)))).toEqual([
      401, 401, 401,
    ]);
    expect(await status(stranger)).toBe(200);
    const { tokens } = await api.ok("GET", "/tokens?limit=200");
    const living = tokens.map(({ id }: { id: string }) => id);
    expect(living).toContain(stranger.id);
    expect(living).not.toContain(third.id);
    const { events } = await api.ok("GET", "/audit?limit=1");
    expect(events[0]).toMatchObject({ after: { tokens_ended_with_it: 2 } });
  });

  it("a token whose maker has expired, or has fewer scopes now, has no more than that", async () => {
    const maker = await require(make(["token.create", "key.read", "team.read"]));
    const child = await require(make(["key.read", "team.read"], maker));
    // No route takes scopes from a token; what the table says counts all the same.
    await getSql()`
      update admin_tokens set scopes = array['token.create', 'team.read'] where id = ${maker.id}`;
    expect([await status(child, "/keys"), await status(child, "/teams")]).toEqual([403, 200]);
    await getSql()`
      update admin_tokens set expires_at = now() - interval '1 second' where id = ${maker.id}`;
    expect(await status(child, "/teams")).toBe(401);
  });

  it("no scope is implied by another: each opens its own and nothing else", async () => {
    for (const action of byTier({
      quick: ["key.create", "token.create"] as Action[],
      all: [...ACTIONS],
    })) {
      const token = await require(make([action]));
      for (const [needed, path] of Object.entries(READS)) {
        expect(await status(token, path), `${action} on ${path}`).toBe(
          needed === action ? 200 : 403,
        );
      }
    }
  });
});
