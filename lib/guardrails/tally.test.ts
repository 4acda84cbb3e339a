import { expect, it } from "vitest";
import type { GuardrailRule } from "#lib/contract/guardrail-rule.ts";
import { compileStage } from "./policy.ts";
import { Tally } from "./tally.ts";

const RULE: GuardrailRule = {
  id: "rule of a tally",
  name: "Addresses",
  version: 1,
  type: "pii",
  stages: ["post"],
  action: "redact",
  mode: "enforced",
  scope: { kind: "organization" },
  fail: "open",
  priority: 1,
  config: {},
  secret: null,
  message: null,
};

it("a rule that acted and then could not go on has failed, whatever it found before", () => {
  const [tally] = compileStage([RULE], "post").map((compiled) => new Tally(compiled));
  tally?.ran(10, {});
  tally?.acted(["email"]);
  expect(tally?.verdict("post")).toMatchObject({ state: "acted", matches: 1, reason: null });
  tally?.failed("The check failed.");
  expect(tally?.verdict("post")).toMatchObject({
    state: "failed",
    matches: 1,
    kinds: { email: 1 },
    reason: "The check failed.",
  });
});
