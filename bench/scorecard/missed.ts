const NOT_RUN = "not measured in full yet; the quick part of its suite passes in `make test`.";
const PIPELINE =
  "the request's steps are two hundred small ones (bench/README.md); fewer objects and promises for each request would help most. bench/results.md has the last run beside the peers.";

/** What was tried for a figure whose target is missed, or why it was not measured, by its id. */
export const TRIED: Readonly<Record<string, string>> = {
  S2: "the quick part of every row passes in `make test`; the longer tier has not been run whole in one go.",
  S3: "the suite exists and its 4 quick runs pass; 500 runs take most of an hour and were not made.",
  S6: "400 requests drift by nothing; the long run did not end, because the rows of twelve minutes of store faults were not stored within its patience.",
  S8: "the quick kills lose and double nothing, on both kinds of store; the hundred were not made in one run.",
  S10: "nothing was there twice in any suite; the figure comes with the hundred kills.",
  S11: "30 restarts of 3 replicas at 200 requests/s ended cleanly, but on two cores with both stores beside them some requests under a budget met the half second that Postgres has while Redis was late, and got 503. Larger machines were not tried.",
  S12: "measured on a machine whose healthy p99 was 45 to 96 ms by itself, so that the difference said nothing and was thrown away. One unanswered call raises a doubt now, so that a request waits for one deadline and not for four.",
  S13: NOT_RUN,
  S14: `not repeated since the last changes. 64 connections that never rest measure a queue: ${PIPELINE}`,
  S15: `not repeated since the last changes: ${PIPELINE}`,
  S16: "about 56 MiB in the last run (bench/results-soak.md), missed; smaller semi-spaces and `--heap-growing-percent` were tried (docs/decisions/0009).",
  S17: "about 35 KiB a stream: each has its request's story, its reservation and two connections. Fewer objects for each request would help, as they would for speed.",
  S18: "three stages each hold what one read of the socket brings (64 KiB): undici, our own buffer, and the answer's. Ours pauses after 16 KiB now, which was not measured again; the other two are the libraries'.",
  S26: NOT_RUN,
  S29: NOT_RUN,
  S30: "a start that finds no database gives it 1.5 s for a first answer before it takes the snapshot; the rest is the start itself, about 2 s on a quiet machine, and the machine was not quiet.",
};
