import { expect, test } from "vitest";
import { type MemberValues, moveMember } from "./alias-values.ts";

const members = (...priorities: string[]): MemberValues[] =>
  priorities.map((priority, at) => ({
    deployment_id: String(at),
    deployment: "abcd".charAt(at),
    priority,
    weight: "100",
  }));

const told = (list: readonly MemberValues[]): string =>
  list.map((member) => `${member.deployment}${member.priority}`).join(" ");

test("moving up swaps the order in which members are asked", () => {
  expect(told(moveMember(members("1", "2", "5"), { from: 2, to: 1 }))).toBe("a1 c2 b5");
  expect(told(moveMember(members("1", "2", "5"), { from: 0, to: 1 }))).toBe("b1 a2 c5");
});

test("among equals a move really makes a difference", () => {
  expect(told(moveMember(members("1", "1"), { from: 1, to: 0 }))).toBe("b1 a2");
  expect(told(moveMember(members("1", "1", "1"), { from: 2, to: 1 }))).toBe("a1 c1 b2");
  expect(told(moveMember(members("3", "3", "4"), { from: 0, to: 1 }))).toBe("b3 a4 c5");
});
