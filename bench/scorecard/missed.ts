/** What was tried for a figure whose target is missed, or why it was not measured, by its id. */
export const TRIED: Readonly<Record<string, string>> = {};
