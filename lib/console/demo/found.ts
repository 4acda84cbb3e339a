import { hashPassword } from "#lib/auth/password.ts";
import type { Person } from "#lib/auth/principal.ts";
import { aliasCreate } from "#lib/contract/alias.ts";
import { apiKeyCreate } from "#lib/contract/api-key.ts";
import { deploymentCreate } from "#lib/contract/deployment.ts";
import { memberCreate, teamCreate } from "#lib/contract/team.ts";
import { userCreate } from "#lib/contract/user.ts";
import { getDb } from "#lib/db/client.ts";
import { setPasswordHash } from "#lib/db/demo.ts";
import { newId } from "#lib/ids.ts";
import { compilePrice } from "#lib/ledger/price.ts";
import type { Actor } from "../actor.ts";
import { createAlias } from "../aliases.ts";
import { createApiKey } from "../api-keys.ts";
import { createDeployment } from "../deployments.ts";
import { addMember } from "../members.ts";
import { createTeam } from "../teams.ts";
import { createUser } from "../users.ts";
import type { DemoApp } from "./app.ts";
import {
  DEMO_ALIASES,
  DEMO_DEPLOYMENTS,
  DEMO_PASSWORD,
  DEMO_PEOPLE,
  DEMO_SIGN_INS,
  DEMO_TEAMS,
  type DemoDeployment,
} from "./company.ts";
import { CUSTOMER_APPS } from "./customer-apps.ts";
import type { HistoryApp, HistoryDeployment } from "./draft.ts";
import { STAFF_APPS } from "./staff-apps.ts";

/** What was made, with the ids that the history names. */
export interface Company {
  admin: Actor;
  userIds: ReadonlyMap<string, string>;
  teamIds: ReadonlyMap<string, string>;
  deployments: readonly HistoryDeployment[];
  apps: readonly HistoryApp[];
  /** The one secret that is shown, of the key with this name. */
  sample: { alias: string; key: string };
}

const SAMPLE_KEY = "platform-scripts";

/** Where a large company runs each of its apps, with a key for every place. */
const PLACES = ["", "-us", "-apac", "-latam", "-uk", "-canary"] as const;
export const MOST_PLACES = PLACES.length;

/**
 * Makes people, teams, deployments, aliases and keys as an administrator would. Every app has a key
 * in each of so many places.
 */
export async function foundCompany({ places }: { places: number }): Promise<Company> {
  const { admin, userIds } = await hirePeople();
  const teamIds = await formTeams(admin, userIds);
  const deployments: HistoryDeployment[] = [];
  for (const row of DEMO_DEPLOYMENTS) {
    deployments.push(await deploy(admin, row));
  }
  for (const alias of DEMO_ALIASES) {
    await createAlias(admin, aliasCreate.parse(alias));
  }
  const apps: HistoryApp[] = [];
  let sample = { alias: SAMPLE_KEY, key: "" };
  for (const app of appsIn(places)) {
    const teamId = (app.team && teamIds.get(app.team)) ?? null;
    const { id, key } = await createApiKey(admin, apiKeyCreate.parse(keyInputOf(app, teamId)));
    apps.push({ ...app, keyId: id, userId: userIds.get(app.owner) ?? "", teamId });
    sample = app.key === SAMPLE_KEY ? { ...sample, key } : sample;
  }
  return { admin, userIds, teamIds, deployments, apps, sample };
}

function appsIn(places: number): DemoApp[] {
  return PLACES.slice(0, places).flatMap((place) =>
    [...CUSTOMER_APPS, ...STAFF_APPS].map((app) => ({ ...app, key: `${app.key}${place}` })),
  );
}

async function hirePeople(): Promise<Pick<Company, "admin" | "userIds">> {
  const machine: Actor = { principal: { kind: "admin_key" }, requestId: newId(), ip: null };
  const userIds = new Map<string, string>();
  let admin = machine;
  for (const { email, name, role } of DEMO_PEOPLE) {
    const user = await createUser(admin, userCreate.parse({ email, name, role }));
    userIds.set(email, user.id);
    admin = role === "admin" ? { ...machine, principal: personOf(user) } : admin;
  }
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  await setPasswordHash(getDb("console"), { emails: DEMO_SIGN_INS, passwordHash });
  return { admin, userIds };
}

function personOf(user: { id: string; email: string; name: string | null }): Person {
  const { id, email, name } = user;
  const session = { sessionId: newId(), steppedUpUntil: null };
  return { kind: "user", id, email, name, isAdmin: true, teams: [], ...session };
}

async function formTeams(
  admin: Actor,
  userIds: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const teamIds = new Map<string, string>();
  for (const name of DEMO_TEAMS) {
    const team = await createTeam(admin, teamCreate.parse({ name }));
    teamIds.set(name, team.id);
    for (const person of DEMO_PEOPLE) {
      const role = person.leads?.includes(name) ? "team_admin" : "member";
      if (role === "team_admin" || person.memberOf?.includes(name)) {
        const input = memberCreate.parse({ user_id: userIds.get(person.email), role });
        await addMember(admin, team.id, input);
      }
    }
  }
  return teamIds;
}

/** A provider's row gets an address that cannot exist, so that the demonstration calls nobody. */
async function deploy(admin: Actor, row: DemoDeployment): Promise<HistoryDeployment> {
  const { name, provider, model, priority, isActive, settings } = row;
  const reach =
    provider === "mock"
      ? {}
      : {
          api_base: `https://${provider.replace("_", "-")}.invalid`,
          api_key: "demo-key-0000-not-real",
        };
  const input = { name, provider, model_name: model, priority, settings, is_active: isActive };
  const info = await createDeployment(admin, deploymentCreate.parse({ ...input, ...reach }));
  const price = compilePrice({
    provider,
    modelName: model,
    inputPricePerMillionNanos: null,
    outputPricePerMillionNanos: null,
  });
  return { ...row, id: info.id, price };
}

function keyInputOf(app: DemoApp, teamId: string | null): Record<string, unknown> {
  const { limits, models, tags, expiresInDays } = app;
  return {
    user_email: app.owner,
    alias: app.key,
    team_id: teamId,
    allowed_models: models,
    rate_limit_rpm: limits?.rpm,
    rate_limit_tpm: limits?.tpm,
    max_parallel: limits?.parallel,
    tags,
    expires_in_days: expiresInDays !== undefined && expiresInDays > 0 ? expiresInDays : undefined,
  };
}
