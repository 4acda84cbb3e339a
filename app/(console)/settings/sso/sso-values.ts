import type { GroupRule, SsoConfig, SsoInfo } from "#lib/contract/sso.ts";

export interface Team {
  id: string;
  name: string;
}

/** A row of the table of groups, with an id of its own so that rows keep their boxes. */
export interface RuleRow extends GroupRule {
  key: string;
}

/** The form's values: lists that one types are one text. */
export interface SsoValues extends Record<string, unknown> {
  name: string;
  issuer: string;
  client_id: string;
  client_secret: string;
  scopes: string;
  claim_email: string;
  claim_name: string;
  claim_groups: string;
  group_rules: readonly RuleRow[];
  allowed_domains: string;
  create_people: boolean;
  default_team_id: string | null;
}

export function ssoValues(config: SsoConfig): SsoValues {
  const { claims, scopes, allowed_domains: domains, group_rules: rules, ...rest } = config;
  return {
    ...rest,
    client_secret: "",
    scopes: scopes.join(" "),
    claim_email: claims.email,
    claim_name: claims.name,
    claim_groups: claims.groups,
    group_rules: rules.map((rule, at) => ({ ...rule, key: `stored-${at}` })),
    allowed_domains: domains.join("\n"),
  };
}

/** The action's input; an empty secret keeps the stored one. */
export function ssoInput(values: SsoValues): Record<string, unknown> {
  return {
    name: values.name,
    issuer: values.issuer,
    client_id: values.client_id,
    ...(values.client_secret === "" ? {} : { client_secret: values.client_secret }),
    scopes: words(values.scopes),
    claims: {
      email: values.claim_email,
      name: values.claim_name,
      groups: values.claim_groups,
    },
    group_rules: values.group_rules.map(({ group, role, team_id }) => ({ group, role, team_id })),
    allowed_domains: words(values.allowed_domains),
    create_people: values.create_people,
    default_team_id: values.default_team_id,
  };
}

/** What stands between spaces, commas and line ends. */
function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

export function valuesOfCurrent(current: unknown): SsoValues {
  // A stale edit is answered with the settings as they are stored.
  return ssoValues((current as Pick<SsoInfo, "config">).config);
}

/** The first message about any entry of a list, whose box is one. */
export function listError(
  errors: Readonly<Record<string, string | undefined>>,
  field: string,
): string | undefined {
  const found = Object.entries(errors).find(
    ([name, text]) => text !== undefined && (name === field || name.startsWith(`${field}.`)),
  );
  return found?.[1];
}
