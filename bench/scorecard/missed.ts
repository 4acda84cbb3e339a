const NOT_RUN = "not measured in full yet; the quick part of its suite passes in `make test`.";
const PIPELINE =
  "the request's steps are two hundred small ones (bench/README.md); fewer objects and promises for each request would help most.";

/** What was tried for a figure whose target is missed, or why it was not measured, by its id. */
export const TRIED: Readonly<Record<string, string>> = {
  S1: "bodies and API calls were fuzzed in smaller numbers so far; streams, upstream answers and raw HTTP make up the rest.",
  S2: "the quick part of every row passes in `make test`; the longer tier has not been run whole on one quiet machine.",
  S3: NOT_RUN,
  S4: NOT_RUN,
  S6: "400 requests drift by nothing; the long run did not end, because rows of twelve minutes of store faults were not stored within its patience.",
  S8: NOT_RUN,
  S9: NOT_RUN,
  S10: NOT_RUN,
  S11: "30 restarts of 3 replicas at 200 requests/s ended cleanly, but on two cores with both stores beside them some requests under a budget met the half second that Postgres has while Redis was late, and got 503. Larger machines were not tried.",
  S12: "the figure needs a quiet machine; one unanswered call raises a doubt now, so that a request waits for one deadline and not for four.",
  S13: NOT_RUN,
  S14: `64 connections that never rest measure a queue: ${PIPELINE}`,
  S15: PIPELINE,
  S16: "about 56 MiB in the last run; the heap at rest is no larger, so that it is the allocator's. Smaller semi-spaces and `--heap-growing-percent` were tried (docs/decisions/0009).",
  S17: NOT_RUN,
  S18: "three stages each hold what one read of the socket brings (64 KiB): undici, our own buffer, and the answer's. Ours pauses after 16 KiB now; the other two are the libraries'.",
  S22: NOT_RUN,
  S23: NOT_RUN,
  S25: "the patterns themselves take 4 ms of processor time; the rest is waiting for a worker thread on a machine that is busy.",
  S26: NOT_RUN,
  S27: NOT_RUN,
  S28: "asserted in its suite; the figure was not handed over yet.",
  S29: NOT_RUN,
  S30: "6.6 s from a snapshot on a machine at load 30; not repeated on a quiet one.",
};
