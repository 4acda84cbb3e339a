/** What changed. `everything` stands for more changes than are remembered. */
export type ConfigChangeKind =
  | "api_key"
  | "user"
  | "team"
  | "deployment"
  | "alias"
  /** An administrator wants a deployment's breaker closed. */
  | "circuit"
  | "price"
  | "budget"
  | "admin_token"
  | "settings"
  | "guardrail"
  | "prompt"
  /** Stored answers were taken away. */
  | "cache"
  /** An administrator wants a background job to run now. */
  | "job"
  | "everything";
