import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Sql } from "postgres";
import type { Action } from "#lib/catalog/roles.ts";

/** Everything that the console offers, read from its sources: nothing new escapes the walks. */
const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Offer {
  /** The file that offers it. */
  file: string;
  /** Its address, with parameters as `[id]`. */
  path: string;
  can: Action;
}

/** Every page below the frame, with the action that it needs. Throws for one that names none. */
export function listPages(): Offer[] {
  return files("app/(console)/**/page.tsx").map((file) => {
    const can = /requireViewer\("([a-z_.]+)"\)/;
    const layout = `${file.slice(0, file.indexOf("/", "app/(console)/".length))}/layout.tsx`;
    const found = can.exec(read(file)) ?? can.exec(optional(layout));
    return { file, path: addressOf(file), can: actionOf(file, found?.[1]) };
  });
}

/** Every endpoint below `/api/console`, one for each method. */
export function listIslands(): (Offer & { method: string })[] {
  return files("app/api/console/**/route.ts").flatMap((file) => {
    const text = read(file);
    const methods = [...text.matchAll(/export (?:const|async function|function) (GET|POST)\b/g)];
    if (methods.length === 0) {
      throw new Error(`${file} offers no method that is understood.`);
    }
    return methods.map(([, method = ""]) => ({
      file,
      method,
      path: addressOf(file),
      can: actionOf(file, /\bcan: "([a-z_.]+)"/.exec(text)?.[1]),
    }));
  });
}

export interface ServerAction {
  /** How a browser names it. */
  id: string;
  file: string;
  name: string;
  /** Null for what people may do who are not signed in. */
  can: Action | null;
}

interface ActionManifest {
  node: Record<string, { filename: string; exportedName: string }>;
}

/** Every server action of the build, with the action of the permission table that it needs. */
export function listActions(): ServerAction[] {
  // Next writes this file itself.
  const manifest = JSON.parse(
    read(".next/server/server-reference-manifest.json"),
  ) as ActionManifest;
  return Object.entries(manifest.node).map(([id, { filename, exportedName }]) => {
    const text = read(filename);
    const definition = new RegExp(
      `export const ${exportedName} = define(Public)?Action\\(\\{\\s*(?:can: "([a-z_.]+)")?`,
    ).exec(text);
    // Without a definition it is one of the doors for guests, which check a token or a password.
    const isForGuests = definition === null && filename.startsWith("app/(auth)/");
    const isPublic = isForGuests || definition?.[1] !== undefined;
    return {
      id,
      file: filename,
      name: exportedName,
      can: isPublic ? null : actionOf(`${filename} ${exportedName}`, definition?.[2]),
    };
  });
}

/** Things of a team that neither the lead nor the member of the tests has to do with. */
export interface Foreign {
  teamId: string;
  keyId: string;
  logId: string;
  userId: string;
  deploymentId: string;
  alias: string;
  auditId: string;
  ruleId: string;
  prompt: string;
}

export async function findForeign(sql: Sql): Promise<Foreign> {
  const [row] = await sql`
    select t.id as team_id, k.id as key_id, k.user_id, l.id as log_id,
      (select id from deployments order by name limit 1) as deployment_id,
      (select name from aliases where name <> '*' order by name limit 1) as alias,
      (select id from audit_events order by id limit 1) as audit_id,
      (select id from guardrail_rules order by priority limit 1) as rule_id,
      (select name from prompts order by name limit 1) as prompt
    from teams t
    join api_keys k on k.team_id = t.id
    join request_logs l on l.key_id = k.id
    where t.name = 'Data' limit 1`;
  if (row === undefined) {
    throw new Error("The demo data have no request of the team Data.");
  }
  return {
    teamId: row["team_id"],
    keyId: row["key_id"],
    logId: row["log_id"],
    userId: row["user_id"],
    deploymentId: row["deployment_id"],
    alias: row["alias"],
    auditId: row["audit_id"],
    ruleId: row["rule_id"],
    prompt: row["prompt"],
  };
}

/** An address with its parameters filled in. Throws for one that nobody has filled in yet. */
export function fillIn(path: string, foreign: Foreign): string {
  const [, first = ""] = path.replace("/api/console", "").split("/");
  const values: Readonly<Record<string, string>> = {
    "keys [id]": foreign.keyId,
    "logs [id]": foreign.logId,
    "teams [id]": foreign.teamId,
    "people [id]": foreign.userId,
    "audit [id]": foreign.auditId,
    "deployments [id]": foreign.deploymentId,
    "models [deploymentId]": foreign.deploymentId,
    "routing [alias]": foreign.alias,
    "guardrails [ruleId]": foreign.ruleId,
    "prompts [name]": foreign.prompt,
    "lookup [type]": "model",
  };
  return path.replace(/\[[^\]]+\]/g, (parameter) => {
    const value = values[`${first} ${parameter}`];
    if (value === undefined) {
      throw new Error(`Say in e2e/console/surface.ts what ${parameter} is in ${path}.`);
    }
    return encodeURIComponent(value);
  });
}

function files(pattern: string): string[] {
  return globSync(pattern, { cwd: root }).sort();
}

function read(file: string): string {
  return readFileSync(`${root}${file}`, "utf8");
}

function optional(file: string): string {
  try {
    return read(file);
  } catch {
    return "";
  }
}

function addressOf(file: string): string {
  return `/${file
    .replace(/^app\//, "")
    .replace(/\/(?:page|route)\.tsx?$/, "")
    .replace(/\([a-z]+\)\//g, "")}`;
}

function actionOf(file: string, can: string | undefined): Action {
  if (can === undefined) {
    throw new Error(`${file} does not name the action that it needs.`);
  }
  // The compiler has checked the name where it stands.
  return can as Action;
}
