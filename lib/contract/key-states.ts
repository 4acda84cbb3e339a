/** The worst thing about a key comes first: a key has the first state that applies. */
export const KEY_STATES = [
  "revoked",
  "disabled",
  "expired",
  "over_budget",
  "rate_limited",
  "elevated_errors",
  "expires_soon",
  "rotating",
  "active",
] as const;

/** How long an old secret may stay valid after a rotation: the choices of the console. */
export const GRACE_CHOICES = [
  { seconds: 0, label: "End it now" },
  { seconds: 3_600, label: "1 hour" },
  { seconds: 86_400, label: "24 hours" },
  { seconds: 604_800, label: "7 days" },
] as const;
export const GRACE_DEFAULT_SECONDS = 86_400;
