import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOOKUP_TYPES, type LookupType } from "#lib/contract/lookup.ts";
import { getDb } from "#lib/db/client.ts";
import { insertMember } from "#lib/db/members.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makePerson, makeTeam, type PersonActor } from "#lib/testing/people.ts";
import type { Actor } from "./actor.ts";
import { createApiKey } from "./api-keys.ts";
import { showLookup } from "./lookup.ts";

let api: AdminApi;
let admin: PersonActor;
let lead: PersonActor;
let member: PersonActor;
let stranger: PersonActor;
const growth = { id: "", name: "Growth 100%" };
const other = { id: "", name: "Payments" };

const names = async (actor: Actor, type: LookupType, q = "", id?: string) =>
  (await showLookup(actor, type, id === undefined ? { q } : { q, id })).entries.map(
    ({ name }) => name,
  );

beforeAll(async () => {
  api = await openAdminApi();
  growth.id = (await makeTeam(growth.name)).id;
  other.id = (await makeTeam(other.name)).id;
  admin = await makePerson({ role: "admin", name: "Admin" });
  lead = await makePerson({ role: "team_admin", teamIds: [growth.id], name: "Lead" });
  member = await makePerson({ role: "member", teamIds: [growth.id], name: "Member" });
  stranger = await makePerson({ role: "member", teamIds: [other.id], name: "Stranger" });
  const keyOf = (person: PersonActor, teamId: string, alias: string) =>
    createApiKey(admin, { user_email: person.principal.email, team_id: teamId, alias });
  await keyOf(member, growth.id, "growth key");
  await keyOf(stranger, other.id, "payments key");
});

afterAll(() => api.close());

describe("a lookup", () => {
  it("shows an admin everything", async () => {
    expect(await names(admin, "team")).toEqual([growth.name, other.name]);
    expect(await names(admin, "key")).toEqual(["growth key", "payments key"]);
    expect((await names(admin, "user")).sort()).toEqual(["Admin", "Lead", "Member", "Stranger"]);
  });

  it("shows a team's admin that team alone", async () => {
    expect(await names(lead, "team")).toEqual([growth.name]);
    expect(await names(lead, "key")).toEqual(["growth key"]);
    expect((await names(lead, "user")).sort()).toEqual(["Lead", "Member"]);
  });

  it("shows members themselves, their keys and their teams", async () => {
    expect(await names(member, "user")).toEqual(["Member"]);
    expect(await names(member, "key")).toEqual(["growth key"]);
    expect(await names(stranger, "key")).toEqual(["payments key"]);
    expect(await names(stranger, "team")).toEqual([other.name]);
  });

  it("does not give away a foreign entry by its id", async () => {
    expect(await names(lead, "user", "zzz", stranger.principal.id)).toEqual([]);
    expect(await names(lead, "team", "zzz", other.id)).toEqual([]);
    expect(await names(lead, "user", "zzz", member.principal.id)).toEqual(["Member"]);
  });

  it("takes what is typed as text, and an id that is none as no id", async () => {
    expect(await names(admin, "team", "100%")).toEqual([growth.name]);
    expect(await names(admin, "team", "%")).toEqual([growth.name]);
    expect(await names(admin, "team", "_")).toEqual([]);
    expect(await names(admin, "team", "zzz", "not a uuid")).toEqual([]);
  });

  it("tells keys of one name apart by their visible ends", async () => {
    const { entries } = await showLookup(admin, "key", { q: "growth" });
    expect(entries).toMatchObject([
      { name: "growth key", hint: expect.stringMatching(/^cnd_sk_/) },
    ]);
  });

  it("puts the chosen entry first", async () => {
    expect(await names(admin, "team", "", other.id)).toEqual([other.name, growth.name]);
  });

  it("answers each type", async () => {
    for (const type of LOOKUP_TYPES) {
      expect(Array.isArray(await names(admin, type, "x"))).toBe(true);
    }
  });

  it("asks a token for the permission of the type", async () => {
    const token: Actor = {
      principal: { kind: "admin_token", id: admin.principal.id, name: "ci", scopes: ["team.read"] },
      requestId: admin.requestId,
      ip: null,
    };
    expect(await names(token, "team")).toEqual([growth.name, other.name]);
    await expect(names(token, "user")).rejects.toMatchObject({ code: "permission_denied" });
    await expect(names(token, "key")).rejects.toMatchObject({ code: "permission_denied" });
  });

  it("follows a change of team at once", async () => {
    await insertMember(getDb(), {
      teamId: growth.id,
      userId: stranger.principal.id,
      role: "member",
    });
    expect((await names(lead, "user")).sort()).toEqual(["Lead", "Member", "Stranger"]);
  });
});
