/** A figure of the scorecard: what is promised, and the command that measures it. */
export interface Figure {
  id: string;
  what: string;
  target: string;
  /** Run with `CONDUIT_TEST_TIER=all` and the scorecard's seed. */
  command: string;
}

const faults = (filter: string): string => `npm run test:faults -- ${filter}`;

/** Every figure that is kept, in the order of the table. */
export const FIGURES: readonly Figure[] = [
  {
    id: "S1",
    what: "Malformed HTTP, JSON and SSE inputs: crashes, hangs or leaks",
    target: "0 of at least 1,000,000",
    command: faults("fuzz"),
  },
  {
    id: "S2",
    what: "Rows of the fault matrix that hold, with all invariants",
    target: "54 of 54",
    command: "npm run test:faults",
  },
  {
    id: "S3",
    what: "Runs of randomly mixed faults: violated invariants",
    target: "0 of 500",
    command: faults("mixes"),
  },
  {
    id: "S4",
    what: "Budget overshoot, 200 requests at once, 1, 2 and 4 replicas",
    target: "0.0 %",
    command: faults("money"),
  },
  {
    id: "S6",
    what: "Drift of the ledger after 1,000,000 requests with faults",
    target: "0 nano-USD",
    command: faults("money"),
  },
  {
    id: "S7",
    what: "Rate limit, 3 replicas, 5 × the load: admitted above it",
    target: "≤ 1 % with Redis, 0 above the share without",
    command: faults("replicas"),
  },
  {
    id: "S8",
    what: "Spend records lost, 100 random kill -9 at 200 requests/s",
    target: "0",
    command: faults("kill"),
  },
  {
    id: "S9",
    what: "Spend records lost on SIGTERM with 500 streams",
    target: "0",
    command: faults("process"),
  },
  {
    id: "S10",
    what: "Spend records that are there twice, over the suite",
    target: "0",
    command: faults("kill"),
  },
  {
    id: "S11",
    what: "Client errors in 10 rolling restarts at 200 requests/s",
    target: "0",
    command: faults("rolling"),
  },
  {
    id: "S12",
    what: "Added p99 with a Redis that is a black hole: first second, then",
    target: "≤ 60 ms, ≤ 2 ms",
    command: faults("redis"),
  },
  {
    id: "S13",
    what: "Added p99 with Postgres down, over healthy; failed requests with known keys",
    target: "≤ 2 ms; 0",
    command: faults("postgres"),
  },
  {
    id: "S14",
    what: "Added latency: p50 at 1 connection, p99 at 64",
    target: "≤ 1.5 ms, ≤ 10 ms",
    command: "npm run bench -- --save",
  },
  {
    id: "S15",
    what: "Requests/s per core of Conduit",
    target: "1,500 at an added p99 ≤ 10 ms",
    command: "npm run bench -- --save",
  },
  {
    id: "S16",
    what: "Growth of the resident set over 100,000 streams",
    target: "≤ 20 MiB",
    command: "npm run bench -- --soak --save",
  },
  {
    id: "S17",
    what: "Memory of at least 9,000 idle streams, above idle",
    target: "≤ 250 MiB",
    command: faults("process"),
  },
  {
    id: "S18",
    what: "Bytes buffered for one reader that stands still",
    target: "≤ 256 KiB",
    command: faults("callers"),
  },
  {
    id: "S19",
    what: "From a caller's hang-up to the upstream's, p99",
    target: "≤ 50 ms",
    command: faults("callers"),
  },
  {
    id: "S20",
    what: "Spend of broken-off streams against what was delivered",
    target: "≤ 1 % with usage, ≤ 5 % estimated",
    command: faults("callers"),
  },
  {
    id: "S21",
    what: "Inside addresses in any spelling, and DNS rebinding rounds, that connect",
    target: "0 of 120, 0 of 200",
    command: faults("rebinding private-addresses"),
  },
  {
    id: "S22",
    what: "Cells of the authorisation matrix: route × role × ownership, leaks",
    target: "100 %, 0",
    command: faults("roles"),
  },
  {
    id: "S23",
    what: "Secrets found outside of the vault",
    target: "0 in all suites",
    command: "npm run test:faults",
  },
  {
    id: "S24",
    what: "Stored answers for somebody else in 10,000 probes",
    target: "0 exact, 0 semantic",
    command: faults("tenants"),
  },
  {
    id: "S25",
    what: "Worst guardrail stage of 500 patterns made to be slow",
    target: "≤ 250 ms",
    command: faults("evil-patterns"),
  },
  {
    id: "S26",
    what: "Delay of the event loop under load with 20 reports: p99, worst",
    target: "≤ 20 ms, ≤ 200 ms",
    command: faults("postgres"),
  },
  {
    id: "S27",
    what: "From a key's revocation to its refusal, 2 replicas: p99; worst without NOTIFY",
    target: "≤ 1 s; ≤ 7 s",
    command: faults("postgres-replicas"),
  },
  {
    id: "S28",
    what: "Upstream calls per request when every call fails",
    target: "≤ 1.2",
    command: faults("retries"),
  },
  {
    id: "S29",
    what: "A connection with slow headers is closed after",
    target: "≤ 20 s",
    command: faults("callers"),
  },
  {
    id: "S30",
    what: "From start to ready: all up; database down, with a snapshot",
    target: "≤ 3 s, ≤ 3 s",
    command: faults("postgres"),
  },
  {
    id: "S32",
    what: "Direct production dependencies; those with install scripts",
    target: "≤ 40; ≤ 1",
    command: faults("supply-chain"),
  },
];
