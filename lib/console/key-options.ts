import type { KeyOptions } from "#lib/contract/api-key-console.ts";
import { getDb } from "#lib/db/client.ts";
import { listLeads } from "#lib/db/leads.ts";
import { currentSettings } from "#lib/db/settings.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { listModels } from "#lib/routing/models.ts";
import { type Actor, ledTeams, requirePerson, scopeOf } from "./actor.ts";
import { publicUrl } from "./settings.ts";

/** What a person may choose from when making a key. */
export async function showKeyOptions(actor: Actor): Promise<KeyOptions> {
  const person = requirePerson(actor);
  const isAdmin = scopeOf(actor, "key.create").all;
  const { general } = currentSettings();
  const led = ledTeams(person);
  const canMakeOwn = isAdmin || general.self_service_keys;
  const teams = person.teams.filter(({ id }) => canMakeOwn || led.includes(id));
  const mayCreate = canMakeOwn || led.length > 0;
  return {
    models: listModels({ snapshot: currentSnapshot(), allowedModels: null }).map(
      ({ name }) => name,
    ),
    may_choose_owner: isAdmin || led.length > 0,
    may_be_without_team: isAdmin || person.teams.length === 0,
    teams: isAdmin ? null : teams.map(({ id, name }) => ({ id, name })),
    defaults: {
      budget_usd: general.default_key_budget_usd,
      budget_period: general.default_key_budget_period,
      rate_limit_rpm: general.default_key_rate_limit_rpm,
      rate_limit_tpm: general.default_key_rate_limit_tpm,
      max_parallel: general.default_key_max_parallel,
    },
    may_create: mayCreate,
    ask: mayCreate
      ? []
      : await listLeads(getDb("console"), { teamIds: person.teams.map(({ id }) => id) }),
    base_url: publicUrl(),
  };
}
