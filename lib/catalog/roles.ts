/**
 * The one permission table: who may take which action, and on what. Admin tokens are granted the
 * same action names one by one, so a name here is part of the public contract.
 *
 * `all` reaches everything in the install, `team` what belongs to a team that one administers,
 * `own` what belongs to oneself; `null` is not at all.
 */
export const ROLES = ["admin", "team_admin", "member"] as const;
export type Role = (typeof ROLES)[number];

export type Reach = "all" | "team" | "own" | null;

type Row = Readonly<Record<Role, Reach>>;

const ADMINS: Row = { admin: "all", team_admin: null, member: null };
const TEAM_ADMINS: Row = { admin: "all", team_admin: "team", member: null };
const ANYONE_ON_ALL: Row = { admin: "all", team_admin: "all", member: "all" };
const TEAM_ADMINS_ON_ALL: Row = { admin: "all", team_admin: "all", member: null };
const EVERYONE: Row = { admin: "all", team_admin: "team", member: "own" };

export const PERMISSIONS = {
  // Virtual keys.
  "key.create": EVERYONE,
  "key.read": EVERYONE,
  "key.update": EVERYONE,
  "key.rotate": EVERYONE,
  "key.revoke": EVERYONE,
  "key.budget.set": TEAM_ADMINS,
  "key.limits.set": TEAM_ADMINS,
  // People and teams.
  "user.read": TEAM_ADMINS,
  "user.create": ADMINS,
  "user.update": ADMINS,
  "user.delete": ADMINS,
  "user.role.set": ADMINS,
  "user.suspend": ADMINS,
  "user.invite": TEAM_ADMINS,
  "user.budget.set": ADMINS,
  "team.read": EVERYONE,
  "team.create": ADMINS,
  "team.update": TEAM_ADMINS,
  "team.delete": ADMINS,
  "team.budget.set": ADMINS,
  "team.limits.set": ADMINS,
  "team.member.add": TEAM_ADMINS,
  "team.member.update": ADMINS,
  "team.member.remove": TEAM_ADMINS,
  // What answers requests.
  // Without `deployment.update` a person sees neither addresses nor settings.
  "deployment.read": ANYONE_ON_ALL,
  "deployment.create": ADMINS,
  "deployment.update": ADMINS,
  "deployment.delete": ADMINS,
  "deployment.secret.set": ADMINS,
  "deployment.api_base.set": ADMINS,
  "deployment.price.set": ADMINS,
  "deployment.test": ADMINS,
  "alias.read": ANYONE_ON_ALL,
  "alias.create": ADMINS,
  "alias.update": ADMINS,
  "alias.delete": ADMINS,
  "alias.simulate": ADMINS,
  "price.read": ANYONE_ON_ALL,
  "price.set": ADMINS,
  "playground.use": EVERYONE,
  // What requests and answers may say, and which answers are given again.
  "guardrail.read": ANYONE_ON_ALL,
  "guardrail.set": ADMINS,
  "guardrail.test": TEAM_ADMINS,
  "guardrail.backtest": ADMINS,
  "cache.read": TEAM_ADMINS,
  "cache.set": ADMINS,
  "cache.clear": ADMINS,
  // What teams keep to ask again.
  "prompt.read": ANYONE_ON_ALL,
  "prompt.write": TEAM_ADMINS_ON_ALL,
  // What happened.
  "budget.read": EVERYONE,
  "budget.reset": ADMINS,
  "organization.budget.set": ADMINS,
  "usage.read": EVERYONE,
  "log.read": EVERYONE,
  "log.payload.read": EVERYONE,
  "log.export": EVERYONE,
  "audit.read": TEAM_ADMINS,
  "audit.verify": ADMINS,
  "audit.export": ADMINS,
  "health.read": ADMINS,
  "job.run": ADMINS,
  // The console itself, and the install.
  "profile.use": EVERYONE,
  "view.save": EVERYONE,
  "setting.read": ADMINS,
  "setting.update": ADMINS,
  "sso.set": ADMINS,
  "retention.set": ADMINS,
  // Scripts' access.
  "token.read": ADMINS,
  "token.create": ADMINS,
  "token.revoke": ADMINS,
} as const satisfies Record<string, Row>;

export type Action = keyof typeof PERMISSIONS;

/** Every action name, in the order of the table. */
export const ACTIONS = Object.keys(PERMISSIONS) as [Action, ...Action[]];

/** How far a role reaches with an action. */
export function reachOf(role: Role, action: Action): Reach {
  return PERMISSIONS[action][role];
}

const KEY_FIELDS = {
  budget_limit_usd: "key.budget.set",
  budget_period: "key.budget.set",
  soft_limit_percent: "key.budget.set",
  rate_limit_rpm: "key.limits.set",
  rate_limit_tpm: "key.limits.set",
  max_parallel: "key.limits.set",
} as const;

/**
 * Fields of a body that need an action of their own beside the one of the route. A token that may
 * rename keys cannot raise their budgets unless it was given that too.
 */
export const FIELD_ACTIONS = {
  key: KEY_FIELDS,
  // Taken off a key that exists, each of these lifts a limit that somebody else has set.
  keyUpdate: {
    ...KEY_FIELDS,
    team_id: "key.limits.set",
    allowed_models: "key.limits.set",
    allowed_cidrs: "key.limits.set",
    expires_at: "key.limits.set",
    expires_in_days: "key.limits.set",
  },
  user: {
    role: "user.role.set",
    is_suspended: "user.suspend",
    budget_limit_usd: "user.budget.set",
    budget_period: "user.budget.set",
    soft_limit_percent: "user.budget.set",
  },
  team: {
    budget_limit_usd: "team.budget.set",
    budget_period: "team.budget.set",
    soft_limit_percent: "team.budget.set",
    rate_limit_rpm: "team.limits.set",
    rate_limit_tpm: "team.limits.set",
    max_parallel: "team.limits.set",
    allowed_models: "team.limits.set",
    payload_storage: "retention.set",
    share_cache: "cache.set",
  },
  deployment: {
    api_base: "deployment.api_base.set",
    api_key: "deployment.secret.set",
    input_price_per_million_usd: "deployment.price.set",
    output_price_per_million_usd: "deployment.price.set",
  },
} as const satisfies Record<string, Readonly<Record<string, Action>>>;

export type FieldActions = Readonly<Record<string, Action>>;
