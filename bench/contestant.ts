export const CONTESTANTS = ["direct", "bare", "portkey", "conduit"] as const;
export type ContestantName = (typeof CONTESTANTS)[number];

/** Somebody who answers for the fake upstream, running. */
export interface Contestant {
  name: ContestantName;
  label: string;
  url: string;
  pid: number;
  headers: Record<string, string>;
  /** Facts about it that belong in the report. */
  facts: string[];
  /** What became of that many answers, for the report. */
  inspect?(answers: number): Promise<string[]>;
  stop(): Promise<void>;
}

export interface StartOptions {
  upstreamUrl: string;
  /** Flags for Conduit's Node, as `--cpu-prof`. */
  nodeFlags: string[];
  /** The pages of this version were built before. */
  isBuilt?: boolean;
}
