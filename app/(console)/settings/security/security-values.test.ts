import { expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "#lib/contract/settings.ts";
import { networkProblem, securityInput, securityValues } from "./security-values.ts";

test("what is stored comes back as it was", () => {
  const stored = { ...DEFAULT_SETTINGS.security, console_networks: ["10.0.0.0/8", "::1/128"] };
  expect(securityInput(securityValues(stored))).toEqual(stored);
  expect(securityInput(securityValues({ ...stored, idle_minutes: null }))).toMatchObject({
    idle_minutes: null,
  });
});

test("an empty box is an error and never 'no limit'", () => {
  const values = securityValues(DEFAULT_SETTINGS.security);
  const input = securityInput({ ...values, idle: { isLimited: true, amount: "" } });
  expect(input["idle_minutes"]).toBe("");
  expect(securityInput({ ...values, session_hours: "" })["session_hours"]).toBe("");
});

test("a problem with one network names its line", () => {
  expect(networkProblem({ "console_networks.1": "is no network" }, "10.0.0.0/8\n\nhome")).toBe(
    "home: is no network",
  );
  expect(networkProblem({ console_networks: "would shut you out" }, "10.0.0.0/8")).toBe(
    "would shut you out",
  );
  expect(networkProblem({}, "10.0.0.0/8")).toBeUndefined();
});
