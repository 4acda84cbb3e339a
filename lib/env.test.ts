import { describe, expect, it } from "vitest";
import { parseEnv, SettingsError } from "./env.ts";

describe("settings", () => {
  it("have defaults that run on nothing but a data directory", () => {
    expect(parseEnv({})).toMatchObject({
      databaseUrl: undefined,
      dataDir: ".conduit",
      port: 8000,
      mode: "production",
      journal: "on",
      door: "fast",
      serverless: false,
      maxBodyBytes: 32 * 1024 * 1024,
    });
  });

  it("stop the start by name and with exit code 78 when one does not parse", () => {
    for (const [name, value] of [
      ["PORT", "http"],
      ["DATABASE_URL", "mysql://host/db"],
      ["CONDUIT_ENV", "prod"],
      ["CONDUIT_MAX_BODY_MIB", "-1"],
      ["CONDUIT_BASE_PATH", "no-slash"],
      ["CONDUIT_SETUP_TOKEN", "fifteen-letters"],
    ] as const) {
      const attempt = () => parseEnv({ [name]: value });
      expect(attempt, name).toThrow(SettingsError);
      expect(attempt, name).toThrow(new RegExp(name));
    }
    expect(new SettingsError("x").exitCode).toBe(78);
  });

  it("want both halves of the Upstash credentials", () => {
    expect(() => parseEnv({ UPSTASH_REDIS_REST_URL: "https://x.example" })).toThrow(/TOKEN/);
  });

  it("warn of a misspelt name with the nearest known one", () => {
    expect(parseEnv({ CONDUIT_REPLICA: "3" }).warnings).toEqual([
      "CONDUIT_REPLICA is not a setting of Conduit and has no effect. Did you mean CONDUIT_REPLICAS?",
    ]);
    expect(parseEnv({ CONDUIT_API_KEY: "cnd_sk_x" }).warnings).toEqual([]);
  });

  it("wait for load balancers where there are other replicas that they could ask", () => {
    const DATABASE_URL = "postgres://db.example.com/conduit";
    const secondsWith = (changes: Record<string, string>) => parseEnv(changes).lameDuckSeconds;
    expect(secondsWith({})).toBe(0);
    expect(secondsWith({ DATABASE_URL })).toBe(8);
    expect(secondsWith({ DATABASE_URL, CONDUIT_ENV: "development" })).toBe(0);
    expect(secondsWith({ DATABASE_URL, CONDUIT_DRAIN_SECONDS: "3" })).toBe(3);
    expect(secondsWith({ CONDUIT_LAME_DUCK_SECONDS: "20", CONDUIT_DRAIN_SECONDS: "3" })).toBe(20);
  });

  it("take an empty value as none", () => {
    expect(parseEnv({ DATABASE_URL: "", CONDUIT_EGRESS_ALLOW: "" })).toMatchObject({
      databaseUrl: undefined,
      egressAllow: undefined,
    });
  });

  it("know the first Conduit's name for the admin key", () => {
    expect(parseEnv({ CONDUIT_MASTER_API_KEY: "k" }).adminKey).toBe("k");
  });
});
