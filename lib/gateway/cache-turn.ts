import type { Flight } from "#lib/cache/flights.ts";
import type { CachePowers, Question } from "#lib/cache/question.ts";
import type { StoredContent } from "#lib/cache/stored-answer.ts";
import type { Deployment, Price } from "#lib/contract/snapshot.ts";

/** What the caches have to do with a request that they look at. */
export interface CacheTurn {
  question: Question;
  powers: CachePowers;
  /** Whether its answer is to be kept. */
  keeps: boolean;
  /** The complete answer, once it is there. */
  content: StoredContent | null;
  /** Set while identical requests may wait for this one's answer. */
  flight: Flight<FlightSource> | null;
  /** Whether the caller has gone while others wait for the answer. */
  hasLeft(): boolean;
}

/** What followers of a flight are told of the answer. */
export interface FlightSource {
  deployment: Deployment;
  adjusted: readonly string[];
}

/** Whose answer a stored or shared one is. */
export interface AnsweredBy {
  deploymentName: string | null;
  provider: string | null;
  model: string | null;
  /** Set where the answer's price is not known yet: it is shared while it comes. */
  pricedAt: { price: Price; atMs: number } | null;
}
