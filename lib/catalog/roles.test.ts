import { expect, test } from "vitest";
import { ACTIONS, FIELD_ACTIONS, PERMISSIONS, ROLES, reachOf } from "./roles.ts";

/** What names models, rules and templates, and neither people nor addresses. */
const EVERYBODYS_TO_READ = new Set([
  "deployment.read",
  "alias.read",
  "price.read",
  "guardrail.read",
  "prompt.read",
]);

/** What belongs to no team and is written by those who lead one. */
const WRITTEN_BY_LEADS = new Set(["prompt.write"]);

test("administrators reach everything, and nobody reaches further than they", () => {
  const order = [null, "own", "team", "all"];
  for (const action of ACTIONS) {
    const reaches = ROLES.map((role) => order.indexOf(reachOf(role, action)));
    expect(reaches[0], action).toBe(3);
    expect(reaches[1], action).toBeGreaterThanOrEqual(reaches[2] ?? 0);
    if (!EVERYBODYS_TO_READ.has(action)) {
      expect(reaches[1], action).toBeLessThan(WRITTEN_BY_LEADS.has(action) ? 4 : 3);
      expect(reaches[2], action).toBeLessThanOrEqual(1);
    }
  }
});

test("what answers requests, and who may do what, belongs to administrators alone", () => {
  for (const action of ACTIONS.filter((name) =>
    /^(deployment\.(?!read)|token|guardrail\.(set|backtest)|user\.(role|create|suspend|delete))|^alias\.(create|update|delete)/.test(
      name,
    ),
  )) {
    expect(PERMISSIONS[action], action).toEqual({ admin: "all", team_admin: null, member: null });
  }
});

test("money is set by nobody for themselves", () => {
  for (const fields of Object.values(FIELD_ACTIONS)) {
    for (const action of Object.values(fields).filter((name) => name.endsWith("budget.set"))) {
      expect(reachOf("member", action), action).toBeNull();
    }
  }
});
