import { expect, test } from "vitest";
import type { AuditEvent } from "#lib/contract/audit.ts";
import { inWords, targetHref } from "./audit-target.ts";

const EVENT: AuditEvent = {
  id: "0190a0a0-0000-7000-8000-000000000001",
  sequence: 1,
  at: "2026-11-22T12:00:00.000Z",
  actor_type: "admin_key",
  actor_id: null,
  actor_name: "admin key",
  action: "team.update",
  target_type: "team",
  target_id: "t1",
  target_name: null,
  team_id: null,
  before: null,
  after: null,
  ip: null,
  request_id: null,
  hash: "00",
};

test("an object that is still there has a link, one that was deleted has none", () => {
  expect(targetHref(EVENT)).toBe("/teams/t1");
  expect(targetHref({ ...EVENT, action: "team.delete" })).toBeUndefined();
  expect(targetHref({ ...EVENT, target_type: "audit" })).toBeUndefined();
  expect(targetHref({ ...EVENT, target_type: "settings", target_id: "retention" })).toBe(
    "/settings/retention",
  );
  expect(targetHref({ ...EVENT, target_type: "alias", target_id: "a/b" })).toBe("/routing/a%2Fb");
  const prompt = { ...EVENT, target_type: "prompt", target_id: "p1", target_name: "mail/reply" };
  expect(targetHref(prompt)).toBe("/prompts/mail%2Freply");
  expect(targetHref({ ...prompt, target_name: null })).toBeUndefined();
});

test("names of kinds read as words", () => {
  expect(inWords("api_key")).toBe("API key");
  expect(inWords("settings")).toBe("Settings");
});
