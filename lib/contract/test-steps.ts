/** A connection test, told step by step. */
export const TEST_STEPS = ["dns", "tls", "auth", "model", "first_token"] as const;
export type TestStepName = (typeof TEST_STEPS)[number];

export const TEST_STEP_LABELS: Readonly<Record<TestStepName, string>> = {
  dns: "Find the address",
  tls: "Connect",
  auth: "Credential accepted",
  model: "Model known",
  first_token: "First token",
};
