import { deriveKey, type MasterKeys, Secret } from "#lib/crypto.ts";
import { type Env, SettingsError } from "#lib/env.ts";
import { ConduitError } from "#lib/errors.ts";
import { singleton } from "#lib/singleton.ts";
import { parseMasterKeys } from "./master-keys.ts";
import { makeSecret, readSecretFile, type SecretFile, writeSecretFile } from "./secret-file.ts";
import { assertStrong, DEVELOPMENT_ADMIN_KEY } from "./secret-strength.ts";

/** What the process keeps to itself. */
export interface Secrets {
  masterKeys: MasterKeys;
  /** The pepper that new tokens are digested with, and the version to store beside the digest. */
  pepper: Buffer;
  pepperVersion: string;
  /** The peppers of all master keys, by version. */
  peppers: ReadonlyMap<string, Buffer>;
  adminKey: Secret;
  authSecret: Secret;
  /** The settings that were made up at this start, to be shown once. */
  generated: readonly string[];
}

function holder(): { secrets: Secrets | undefined } {
  return singleton("secrets", () => ({ secrets: undefined }));
}

/** The secrets that `loadSecrets` found. Throws `not_ready` before. */
export function getSecrets(): Secrets {
  const { secrets } = holder();
  if (secrets === undefined) {
    throw new ConduitError("not_ready", { message: "The gateway is still starting." });
  }
  return secrets;
}

type SecretEnv = Pick<
  Env,
  "databaseUrl" | "dataDir" | "mode" | "masterKeys" | "adminKey" | "authSecret"
>;

/**
 * Takes the secrets from the settings. On the embedded database missing ones come from a file in
 * the data directory (mode 0600) and are made up at the first start; with `DATABASE_URL` they are
 * required, as another replica or a new disk would not find that file. In development the key of
 * the quick start is the admin key when none is set. Throws `SettingsError` (exit code 78) for a
 * missing, short or well-known secret. The data directory has to be held by this process.
 */
export async function loadSecrets(env: SecretEnv): Promise<Secrets> {
  const file = env.databaseUrl === undefined ? readSecretFile(env.dataDir) : {};
  const made: SecretFile = {};
  const pick = (name: keyof SecretFile, given: string | undefined): string => {
    const value = given ?? file[name];
    if (value !== undefined) {
      return value;
    }
    if (env.databaseUrl !== undefined) {
      throw new SettingsError(`${name} has to be set when DATABASE_URL is. ${ADVICE[name]}`);
    }
    const fresh = makeSecret(name);
    made[name] = fresh;
    return fresh;
  };
  const masterKeys = pick("CONDUIT_MASTER_KEYS", env.masterKeys);
  const authSecret = pick("AUTH_SECRET", env.authSecret);
  const isDevelopment = env.mode === "development";
  const adminKey = pick(
    "CONDUIT_ADMIN_KEY",
    env.adminKey ?? (isDevelopment ? DEVELOPMENT_ADMIN_KEY : undefined),
  );
  if (!isDevelopment) {
    assertStrong("CONDUIT_ADMIN_KEY", adminKey);
    assertStrong("AUTH_SECRET", authSecret);
  }
  const secrets = compile({ masterKeys, authSecret, adminKey }, Object.keys(made));
  if (secrets.generated.length > 0) {
    writeSecretFile(env.dataDir, { ...file, ...made });
  }
  holder().secrets = secrets;
  return secrets;
}

const ADVICE: Readonly<Record<keyof SecretFile, string>> = {
  CONDUIT_MASTER_KEYS: 'Make one with: echo "v1:$(openssl rand -base64 32)"',
  CONDUIT_ADMIN_KEY: "Make one with: openssl rand -hex 32",
  AUTH_SECRET: "Make one with: openssl rand -base64 32",
};

function compile(
  values: { masterKeys: string; authSecret: string; adminKey: string },
  generated: readonly string[],
): Secrets {
  const masterKeys = parseMasterKeys(values.masterKeys);
  const peppers = new Map(
    [...masterKeys.keys].map(([version, key]) => [version, deriveKey(key, "key-pepper")] as const),
  );
  const pepper = peppers.get(masterKeys.current);
  if (pepper === undefined) {
    throw new SettingsError("CONDUIT_MASTER_KEYS holds no key.");
  }
  return {
    masterKeys,
    pepper,
    pepperVersion: masterKeys.current,
    peppers,
    adminKey: new Secret(values.adminKey),
    authSecret: new Secret(values.authSecret),
    generated,
  };
}
