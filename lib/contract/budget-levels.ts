export const BUDGET_LEVELS = ["organization", "team", "user", "key"] as const;

export const BUDGET_CONDITIONS = ["over", "near", "none"] as const;

/** At this share of a limit it counts as near where no warning share was set. */
export const NEAR_PERCENT = 80;
