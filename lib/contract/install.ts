/** What runs here. */
export interface InstallInfo {
  version: string;
  node: string;
  database: { kind: "embedded" | "postgres"; version: string };
  redis: "redis" | "upstash" | null;
  mode: "production" | "development";
  serverless: boolean;
  migrations: { applied: number; last_at: string | null };
}

/** How much hangs on one version of the master keys. */
export interface MasterKeyInfo {
  version: string;
  /** The one that seals; all others only open. */
  is_current: boolean;
  /** False for a version that rows name and that is not configured: they cannot be opened. */
  is_configured: boolean;
  provider_keys: number;
  /** Signing secrets and tokens of guardrail rules. */
  guardrail_secrets: number;
  payloads: number;
  /** Virtual keys and admin tokens whose digests were made with it. */
  digests: number;
}
