import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseEnv } from "#lib/env.ts";
import { makeTestDirectory } from "#lib/testing/database.ts";
import { TEST_SECRETS } from "#lib/testing/gateway.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { loadSecrets } from "./bootstrap.ts";

type Settings = Readonly<Record<string, string | undefined>>;

const SERVER: Settings = {
  ...TEST_SECRETS,
  DATABASE_URL: "postgres://db.example.com/conduit",
  CONDUIT_ADMIN_KEY: "f3b1c8d27a604e9b85d0c7a1e2f49b36",
};
const bytes = (count: number): string =>
  Buffer.from(Array.from({ length: count }, (_, at) => (at * 37 + 11) % 256)).toString("base64");
const KEY = bytes(32);

/** What is wrong, and the name that the refusal has to say when it is another one. */
const BAD: readonly [settings: Settings, named?: string][] = [
  [{ PORT: "http" }],
  [{ PORT: "70000" }],
  [{ PORT: "-1" }],
  [{ PORT: "80.5" }],
  [{ DATABASE_URL: "mysql://db.example.com/conduit" }],
  [{ DATABASE_URL: "db.example.com" }],
  [{ REDIS_URL: "http://cache.example.com" }],
  [{ REDIS_URL: "cache.example.com" }],
  [{ UPSTASH_REDIS_REST_URL: "https://x.upstash.io" }],
  [{ UPSTASH_REDIS_REST_TOKEN: "token" }],
  [{ UPSTASH_REDIS_REST_URL: "redis://x.upstash.io", UPSTASH_REDIS_REST_TOKEN: "token" }],
  [{ CONDUIT_PUBLIC_URL: "llm.example.com" }],
  [{ CONDUIT_PUBLIC_URL: "ftp://llm.example.com" }],
  [{ CONDUIT_ENV: "prod" }],
  [{ CONDUIT_REPLICAS: "0" }],
  [{ CONDUIT_REPLICAS: "three" }],
  [{ CONDUIT_JOURNAL: "maybe" }],
  [{ CONDUIT_DOOR: "back" }],
  [{ CONDUIT_SETUP_TOKEN: "guess-me" }],
  [{ CONDUIT_EGRESS_ALLOW: "127.0.0.0/8,10.0.0.0/99" }],
  [{ CONDUIT_EGRESS_ALLOW: "http://ollama.internal" }],
  [{ CONDUIT_EGRESS_PROXY: "socks5://proxy.internal:1080" }],
  [{ CONDUIT_MAX_BODY_MIB: "0" }],
  [{ CONDUIT_MAX_BODY_MIB: "5000" }],
  [{ CONDUIT_DRAIN_SECONDS: "-5" }],
  [{ CONDUIT_DRAIN_SECONDS: "a while" }],
  [{ CONDUIT_LAME_DUCK_SECONDS: "1000" }],
  [{ CONDUIT_BASE_PATH: "llm" }],
  [{ CONDUIT_BASE_PATH: "/llm/" }],
  [{ TRUSTED_PROXIES: "balancer.internal" }],
  [{ TRUSTED_PROXIES: "10.0.0.0/33" }],
  [{ CONDUIT_LOG_LEVEL: "loud" }],
  [{ CONDUIT_MASTER_KEYS: undefined }],
  [{ CONDUIT_ADMIN_KEY: undefined }],
  [{ AUTH_SECRET: undefined }],
  [{ CONDUIT_ADMIN_KEY: "sk-1234" }],
  [{ CONDUIT_ADMIN_KEY: "cnd_admin_dev_key_do_not_use_in_prod" }],
  [{ CONDUIT_ADMIN_KEY: undefined, CONDUIT_MASTER_API_KEY: "sk-1234" }, "CONDUIT_ADMIN_KEY"],
  [{ CONDUIT_ADMIN_KEY: "00000000000000000000000000000000" }],
  [{ AUTH_SECRET: "change-me-change-me-change-me-1f2e3d" }],
  [{ AUTH_SECRET: undefined, NEXTAUTH_SECRET: "secret" }, "AUTH_SECRET"],
  [{ AUTH_SECRET: "abcabcabcabcabcabcabcabcabcabcabcabc" }],
  [{ CONDUIT_MASTER_KEYS: KEY }],
  [{ CONDUIT_MASTER_KEYS: `v1:${bytes(16)}` }],
  [{ CONDUIT_MASTER_KEYS: `v1:${Buffer.alloc(32).toString("base64")}` }],
  [{ CONDUIT_MASTER_KEYS: `v1:${KEY},v1:${KEY}` }],
  [{ CONDUIT_MASTER_KEYS: `v2:${KEY},` }],
];

describe(threat("T16"), () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = makeTestDirectory();
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  const load = async (changes: Settings): Promise<unknown> =>
    await loadSecrets({ ...parseEnv({ ...SERVER, ...changes }), dataDir });

  it("begins with settings that are well", async () => {
    await expect(load({})).resolves.toMatchObject({ generated: [] });
    expect(BAD.length).toBeGreaterThanOrEqual(40);
  });

  it.each(BAD.map(([settings, named]) => ({ settings, named: named ?? firstName(settings) })))(
    "$settings ends the start with 78 and its name",
    async ({ settings, named }) => {
      const refusal = await load(settings).then(
        () => "It started.",
        (error: unknown) => error,
      );
      expect(refusal).toMatchObject({ exitCode: 78, message: expect.stringContaining(named) });
    },
  );

  it("in production alone: the quick start's key works in development", async () => {
    const settings = { CONDUIT_ENV: "development", CONDUIT_ADMIN_KEY: undefined };
    await expect(load(settings)).resolves.toBeDefined();
  });
});

function firstName(settings: Settings): string {
  return Object.keys(settings)[0] ?? "";
}
