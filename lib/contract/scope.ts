/**
 * What an actor may see. Every query of the console takes one and adds it to its `where`: `all` is
 * the whole install, otherwise what belongs to this person or to one of these teams.
 */
export type Scope = { all: true } | { all: false; userId: string; teamIds: readonly string[] };
