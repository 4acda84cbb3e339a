/** What is so of every person, for browsers too: no schema stands here. */
export const PERSON_STATUSES = ["active", "suspended", "no_sign_in", "removed"] as const;

export const SIGN_IN_METHODS = ["password", "oidc"] as const;

export const MOST_INVITES = 50;
