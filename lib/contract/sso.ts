import { z } from "zod";
import { expectedVersion } from "./stale.ts";

/** Sign-in through an identity provider that speaks OpenID Connect. */
const domain = z
  .string()
  .trim()
  .max(253)
  .transform((text) => text.normalize("NFKC").toLowerCase().replace(/^@/, ""))
  .refine(
    (text) => /^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(text),
    "must be a domain such as example.com",
  );

const issuerUrl = z
  .url({ protocol: /^https?$/, error: "must be an address such as https://id.example.com" })
  .max(512)
  .refine((url) => !/[?#@]/.test(url), "must be an address without a query or a sign-in");

const claimName = z.string().trim().min(1).max(128);

const groupRule = z
  .strictObject({
    group: z.string().trim().min(1, "must name a group").max(256),
    /** `admin` makes administrators of the install; a team role needs the team. */
    role: z.enum(["admin", "team_admin", "member"]),
    team_id: z.uuid().nullable().default(null),
  })
  .refine(({ role, team_id }) => (role === "admin") === (team_id === null), {
    path: ["team_id"],
    message: "must be chosen for a role in a team, and for no other",
  });
export type GroupRule = z.infer<typeof groupRule>;

/** What an administrator sets; the secret and the enforcement have functions of their own. */
export const ssoConfig = z.strictObject({
  name: z.string().trim().min(1).max(60),
  issuer: issuerUrl,
  client_id: z.string().trim().min(1).max(512),
  scopes: z
    .array(
      z
        .string()
        .trim()
        .min(1)
        .max(128)
        .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/),
    )
    .min(1)
    .max(32)
    .refine((scopes) => scopes.includes("openid"), "must include openid"),
  claims: z.strictObject({ email: claimName, name: claimName, groups: claimName }),
  group_rules: z.array(groupRule).max(200),
  allowed_domains: z.array(domain).max(200),
  create_people: z.boolean(),
  default_team_id: z.uuid().nullable(),
});
export type SsoConfig = z.infer<typeof ssoConfig>;

export const ssoChange = ssoConfig.extend({
  /** Left out keeps the stored one. */
  client_secret: z.string().min(1).max(2048).optional(),
  expected_version: expectedVersion,
});
export type SsoChange = z.infer<typeof ssoChange>;

export const EMPTY_SSO: SsoConfig = {
  name: "single sign-on",
  issuer: "",
  client_id: "",
  scopes: ["openid", "email", "profile"],
  claims: { email: "email", name: "name", groups: "groups" },
  group_rules: [],
  allowed_domains: [],
  create_people: false,
  default_team_id: null,
};

export const ssoEnforcement = z.strictObject({
  enforced: z.boolean(),
  /** The administrator whose password goes on working. */
  break_glass_user_id: z.uuid().nullable(),
  expected_version: expectedVersion,
});
export type SsoEnforcement = z.infer<typeof ssoEnforcement>;

export const issuerInput = z.strictObject({ issuer: issuerUrl });

/** What a test sign-in brought, and what it would have meant. */
export interface SsoTestInfo {
  at: string;
  /** Whether it was made with the settings as they are now. */
  isCurrent: boolean;
  claims: Record<string, unknown>;
  email: string | null;
  groups: string[];
  /** `null` when no rule is about administrators. */
  is_admin: boolean | null;
  teams: { team_id: string; role: "team_admin" | "member" }[];
  account: "known" | "link" | "create" | "refused";
  refusal: string | null;
}

export interface SsoInfo {
  isConfigured: boolean;
  config: SsoConfig;
  hasSecret: boolean;
  enforced: boolean;
  break_glass_user_id: string | null;
  version: number;
  passwordAdmins: { id: string; email: string }[];
  test: SsoTestInfo | null;
}

/** What the sign-in page may tell anybody. */
export interface SsoOffer {
  name: string;
  /** Domains whose people have no password to type. */
  enforcedDomains: readonly string[];
}

/** The domain of an address, as domains are compared: after NFKC, in lower case. */
export function domainOf(email: string): string {
  const text = email.normalize("NFKC").toLowerCase();
  return text.slice(text.lastIndexOf("@") + 1);
}
