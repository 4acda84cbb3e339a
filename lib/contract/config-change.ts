/** What changed. `everything` stands for more changes than are remembered. */
export type ConfigChangeKind =
  | "api_key"
  | "user"
  | "team"
  | "deployment"
  | "alias"
  | "budget"
  | "admin_token"
  | "settings"
  | "everything";
