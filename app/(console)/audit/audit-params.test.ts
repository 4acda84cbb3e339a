import { expect, test } from "vitest";
import { readParams } from "../../_ui/search-params.ts";
import { AUDIT_PARAMS, auditFilterOf, exportQueryOf, isNarrowed } from "./audit-params.ts";

const AT = { nowMs: Date.UTC(2026, 10, 22, 12), zone: "UTC" };
const TEAM = "0190a0a0-0000-7000-8000-000000000001";

function read(query: Record<string, string>) {
  return readParams(AUDIT_PARAMS, query);
}

test("an address becomes a filter, and what makes no sense is said", () => {
  const { values, ignored } = read({
    actor: "admin_key",
    action: "api_key",
    team: TEAM,
    q: "80",
    cursor: "before-12",
    sideways: "1",
  });
  expect(auditFilterOf(values, AT)).toMatchObject({
    actor_id: "admin_key",
    group: "api_key",
    team_id: TEAM,
    text: "80",
  });
  expect(values.cursor).toEqual({ side: "before", sequence: 12 });
  expect(ignored).toEqual([{ name: "sideways", value: "1" }]);
  expect(isNarrowed(values)).toBe(true);
  expect(isNarrowed(read({ range: "7d" }).values)).toBe(false);
  expect(read({ cursor: "12" }).ignored).toEqual([{ name: "cursor", value: "12" }]);
});

test("the last thirty days are shown, and of one object everything unless a time is chosen", () => {
  const days = (query: Record<string, string>) => {
    const { from, to } = auditFilterOf(read(query).values, AT);
    return from === undefined || to === undefined
      ? null
      : (to.getTime() - from.getTime()) / 86_400_000;
  };
  expect(days({})).toBe(30);
  expect(days({ target: "team", target_id: TEAM })).toBeNull();
  expect(days({ target: "team", target_id: TEAM, range: "7d" })).toBe(7);
});

test("the export is asked for exactly what the list shows", () => {
  const filter = auditFilterOf(read({ actor: "a b", range: "24h" }).values, AT);
  const query = new URLSearchParams(exportQueryOf(filter));
  expect(Object.fromEntries(query)).toEqual({
    actor_id: "a b",
    from: "2026-11-21T12:00:00.000Z",
    to: "2026-11-22T12:00:00.000Z",
  });
});
