import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditExportQuery } from "#lib/contract/audit.ts";
import { teamCreate, teamUpdate } from "#lib/contract/team.ts";
import { newId } from "#lib/ids.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { makePerson } from "#lib/testing/people.ts";
import type { Actor } from "./actor.ts";
import { showAudit, showAuditEvent, showAuditFacets, showAuditPage } from "./audit.ts";
import { exportAudit } from "./audit-export.ts";
import { changeTeam, createTeam } from "./teams.ts";

const ADMIN_KEY: Actor = { principal: { kind: "admin_key" }, ip: "192.0.2.1", requestId: newId() };

let api: AdminApi;
beforeAll(async () => {
  api = await openAdminApi();
});
afterAll(() => api.close());

async function makeTeams(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const input = teamCreate.parse({ name: `Team ${newId()}` });
    ids.push((await createTeam(ADMIN_KEY, input)).id);
  }
  return ids;
}

describe("pages", () => {
  test("older and newer pages meet without a gap while events are added", async () => {
    await makeTeams(7);
    const query = { group: "team", limit: 3 };
    const first = await showAuditPage(ADMIN_KEY, query);
    expect(first.newer).toBeNull();
    await makeTeams(2);
    const second = await showAuditPage(ADMIN_KEY, { ...query, before: first.older ?? 0 });
    const back = await showAuditPage(ADMIN_KEY, { ...query, after: second.newer ?? 0 });
    expect(back.events).toEqual(first.events);
    expect(back.newer).toBe(first.events[0]?.sequence);
    const third = await showAuditPage(ADMIN_KEY, { ...query, before: second.older ?? 0 });
    expect(third.older).toBeNull();
    const all = [...first.events, ...second.events, ...third.events];
    expect(new Set(all.map(({ id }) => id)).size).toBe(7);
    expect(all.map(({ sequence }) => sequence)).toEqual(
      all.map(({ sequence }) => sequence).toSorted((a, b) => b - a),
    );
  });

  test("every filter keeps what matches and drops the rest", async () => {
    const [team = ""] = await makeTeams(1);
    await changeTeam(ADMIN_KEY, team, teamUpdate.parse({ rate_limit_rpm: 77_123 }));
    const admin = await makePerson({ role: "admin" });
    await changeTeam(admin, team, teamUpdate.parse({ rate_limit_rpm: 88_456 }));
    const actionsOf = async (filter: Parameters<typeof showAuditPage>[1]) => {
      const { events } = await showAuditPage(ADMIN_KEY, { target_id: team, ...filter });
      return events.map(({ action, after }) => [action, after?.["rate_limit_rpm"]]);
    };
    const created = ["team.create", undefined];
    const [byKey, byPerson] = [
      ["team.update", 77_123],
      ["team.update", 88_456],
    ];
    expect(await actionsOf({})).toEqual([byPerson, byKey, created]);
    expect(await actionsOf({ actor_id: "admin_key" })).toEqual([byKey, created]);
    expect(await actionsOf({ actor_id: admin.principal.id })).toEqual([byPerson]);
    expect(await actionsOf({ action: "team.create" })).toEqual([created]);
    expect(await actionsOf({ group: "user" })).toEqual([]);
    expect(await actionsOf({ team_id: team, text: "88456" })).toEqual([byPerson]);
    expect(await actionsOf({ text: "77123" })).toEqual([byPerson, byKey]);
    expect(await actionsOf({ text: "100%" })).toEqual([]);
    expect(await actionsOf({ to: new Date(0) })).toEqual([]);
    expect((await showAuditPage(ADMIN_KEY, { team_id: newId() })).events).toEqual([]);
  });
});

test("an object is called what it is called after the change, or now, even when it is gone", async () => {
  const name = `Named ${newId()}`;
  const team = await createTeam(ADMIN_KEY, teamCreate.parse({ name }));
  await changeTeam(ADMIN_KEY, team.id, teamUpdate.parse({ rate_limit_rpm: 5 }));
  await changeTeam(ADMIN_KEY, team.id, teamUpdate.parse({ name: `${name} II` }));
  const key = await api.ok("POST", "/keys", { user_email: "n@example.com", alias: "old" });
  await api.ok("PATCH", `/keys/${key.id}`, { is_active: false });
  const person = await makePerson({ role: "member", email: "newcomer@example.com" });
  await api.ok("POST", `/teams/${team.id}/members`, { user_id: person.principal.id });
  const namesOf = async (target_id: string) => {
    const { events } = await showAuditPage(ADMIN_KEY, { target_id });
    return events.map((event) => event.target_name);
  };
  expect(await namesOf(team.id)).toEqual([`${name} II`, `${name} II`, `${name} II`, name]);
  expect(await namesOf(key.id)).toEqual(["old", "old"]);
});

describe("who sees what", () => {
  test("a team admin sees what happened to own teams, and nothing of the others", async () => {
    const [own = "", other = ""] = await makeTeams(2);
    const lead = await makePerson({ role: "team_admin", teamIds: [own] });

    const { events } = await showAuditPage(lead, {});
    expect(events.map((event) => event.target_id)).toEqual([own]);
    expect((await showAuditPage(lead, { team_id: other })).events).toEqual([]);
    expect((await showAuditFacets(lead)).groups).toEqual(["team"]);
    const [foreign] = (await showAuditPage(ADMIN_KEY, { target_id: other })).events;
    await expect(showAuditEvent(lead, foreign?.id ?? "")).rejects.toMatchObject({
      code: "not_found",
    });
    expect((await showAuditEvent(lead, events[0]?.id ?? "")).target_id).toBe(own);
  });

  test("a member sees no event at all", async () => {
    const member = await makePerson({ role: "member" });
    await expect(showAudit(member, { limit: 1, offset: 0 })).rejects.toMatchObject({ status: 403 });
  });

  test("only administrators export", async () => {
    const lead = await makePerson({ role: "team_admin" });
    const before = await api.marks();
    await expect(exportAudit(lead, auditExportQuery.parse({}))).rejects.toMatchObject({
      status: 403,
    });
    expect(await api.marks()).toEqual(before);
  });
});

describe("the export", () => {
  test("holds exactly what the filter shows, and is itself in the log", async () => {
    const [team = ""] = await makeTeams(1);
    await changeTeam(ADMIN_KEY, team, teamUpdate.parse({ name: "=HYPERLINK(1)" }));
    const query = auditExportQuery.parse({ target_id: team, format: "ndjson" });
    const reply = await exportAudit(ADMIN_KEY, query);

    const lines = (await reply.text()).trimEnd().split("\n");
    const shown = await showAuditPage(ADMIN_KEY, { target_id: team });
    expect(lines.map((line) => JSON.parse(line))).toEqual(shown.events);
    const [last] = (await showAuditPage(ADMIN_KEY, {})).events;
    expect(last).toMatchObject({
      action: "audit.exported",
      after: { format: "ndjson", rows: 2, filter: { target_id: team } },
    });
  });

  test("a spreadsheet runs none of its cells", async () => {
    const reply = await exportAudit(ADMIN_KEY, auditExportQuery.parse({ text: "=HYPERLINK" }));
    const text = await reply.text();
    expect(reply.headers.get("content-disposition")).toMatch(/conduit-audit_.*\.csv/);
    expect(text.split("\r\n")[0]).toMatch(/^\uFEFF?sequence,time,actor_type/);
    expect(text).not.toMatch(/(^|,)=HYPERLINK/m);
  });
});
