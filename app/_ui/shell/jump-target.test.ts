import { expect, test } from "vitest";
import { carriedHref } from "./carried-query.ts";
import { jumpTargetOf } from "./jump-target.ts";
import { NAV, navFor, navRowOf } from "./nav.ts";

test("a request id leads to its log", () => {
  const id = "0199aa11-2222-7333-8444-555566667777";
  expect(jumpTargetOf(` ${id.toUpperCase()} `)?.href).toBe(`/logs/${id}`);
  expect(jumpTargetOf(`req_${id}`)?.href).toBe(`/logs/${id}`);
});

test("of a pasted key only the part that lists show goes into the address", () => {
  const secret = `cnd_sk_ab12${"s3cr3t".repeat(6)}`;
  const target = jumpTargetOf(secret);
  expect(target?.href).toBe("/keys?q=cnd_sk_ab12");
  expect(JSON.stringify(target)).not.toContain("s3cr3t");
});

test.each(["", "gpt", "cnd_", "0199aa11-2222"])("%j leads nowhere by itself", (text) => {
  expect(jumpTargetOf(text)).toBeUndefined();
});

test("the team, the time and the filters go along to pages that know them, and nothing else", () => {
  const query = new URLSearchParams("team=t1&range=7d&model=a&model=!b&cursor=x&log=1&sort=cost");
  const hrefOf = (label: string) => {
    const row = NAV.find((each) => each.label === label);
    return row === undefined ? undefined : carriedHref(row, query);
  };
  expect(hrefOf("Usage")).toBe("/usage?team=t1&range=7d&model=a&model=%21b");
  expect(hrefOf("Keys")).toBe("/keys?team=t1");
  expect(hrefOf("Models")).toBe("/models");
});

test("a role is led only to pages that it may open", () => {
  const labels = (role: "admin" | "team_admin" | "member") =>
    navFor(role).map(({ label }) => label);
  expect(labels("admin")).toEqual(NAV.map(({ label }) => label));
  expect(labels("member")).not.toContain("Settings");
  expect(labels("member")).not.toContain("Audit");
  expect(labels("team_admin")).toContain("Audit");
  expect(labels("team_admin")).not.toContain("Health");
});

test("a page below another belongs to its row", () => {
  expect(navRowOf("/keys/0199")?.label).toBe("Keys");
  expect(navRowOf("/keysmith")).toBeUndefined();
});

test("no two pages share a letter", () => {
  const letters = NAV.map(({ key }) => key);
  expect(new Set(letters).size).toBe(letters.length);
});
