import { createHash } from "node:crypto";
import { copyTemplate } from "./database.ts";
import { type ServerOptions, type ServerProcess, startServer } from "./process.ts";

/** A running server with what a test asks of its admin API. */
export interface Gateway extends ServerProcess {
  adminKey: string;
  /** One call of the admin API; throws with status and body unless it succeeds. */
  admin: (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;
  /** Registers a deployment and gives its id. */
  addDeployment: (deployment: NewDeployment) => Promise<string>;
  /** Makes a virtual key and gives it. */
  addKey: (fields?: Record<string, unknown>) => Promise<{ key: string; id: string }>;
}

export interface NewDeployment {
  name: string;
  provider: string;
  model_name: string;
  api_base?: string;
  api_key?: string;
  [field: string]: unknown;
}

/** Different for each use and the same in every run; made for nothing but tests. */
function testSecret(use: string): Buffer {
  return createHash("sha256").update(`a secret of the tests: ${use}`).digest();
}

const ADMIN_KEY = testSecret("admin key").toString("hex");

/** Secrets that a server with its own Postgres demands and the embedded one makes itself. */
export const TEST_SECRETS = {
  CONDUIT_MASTER_KEYS: `v1:${testSecret("master key").toString("base64")}`,
  AUTH_SECRET: testSecret("sessions").toString("base64"),
} as const;

/**
 * Starts the real server with a known admin key. Upstreams on 127.0.0.1 are allowed. An embedded
 * database of its own is a copy of a migrated one: making one takes seconds.
 */
export async function startGateway(options: ServerOptions = {}): Promise<Gateway> {
  const server = await startServer({
    prepare: options.env?.["DATABASE_URL"] === undefined ? copyTemplate : undefined,
    ...options,
    env: {
      CONDUIT_ADMIN_KEY: ADMIN_KEY,
      CONDUIT_EGRESS_ALLOW: "127.0.0.0/8,::1",
      ...options.env,
    },
  });
  return { ...server, ...adminOf(server.url, options.env?.["CONDUIT_ADMIN_KEY"] ?? ADMIN_KEY) };
}

/** The admin API of a server that runs already. */
export function adminOf(url: string, adminKey: string) {
  const admin: Gateway["admin"] = async (method, path, body) => {
    const reply = await fetch(`${url}/admin/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminKey}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) {
      throw new Error(`${method} ${path} answered ${reply.status}: ${text}`);
    }
    return text === "" ? {} : JSON.parse(text);
  };
  const addDeployment: Gateway["addDeployment"] = async (deployment) => {
    const made = await admin("POST", "/models/deployments", deployment);
    return String(made["id"]);
  };
  const addKey: Gateway["addKey"] = async (fields = {}) => {
    const made = await admin("POST", "/keys", { user_email: "dev@example.com", ...fields });
    return { key: String(made["key"]), id: String(made["id"]) };
  };
  return { adminKey, admin, addDeployment, addKey };
}
