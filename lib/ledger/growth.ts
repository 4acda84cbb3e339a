import type { PriceList } from "#lib/contract/snapshot.ts";
import { costNanos } from "#lib/money.ts";
import { dearerOutput, unitPricesOf } from "./price.ts";

/**
 * A token is rarely shorter, in any script: of Latin text it has about four bytes, and a Chinese or
 * Japanese character, which is about one token, has three.
 */
const BYTES_PER_TOKEN = 3;

/**
 * What an answer has cost so far, in nano-dollars, told from the UTF-8 bytes that were delivered. It
 * runs ahead of the true cost rather than behind: what was delivered is taken at the dearer of the
 * prices of output and reasoning, and all input as fresh. `atMs` picks prices that change by date.
 */
export function growingCostNanos(answer: {
  list: PriceList;
  inputTokens: number;
  deliveredBytes: number;
  atMs: number;
}): bigint {
  const unit = unitPricesOf(answer.list, answer.inputTokens, answer.atMs);
  const outputTokens = Math.ceil(answer.deliveredBytes / BYTES_PER_TOKEN);
  return costNanos([
    { tokens: answer.inputTokens, nanosPerMillion: unit.input },
    { tokens: outputTokens, nanosPerMillion: dearerOutput(unit) },
    { tokens: 1, nanosPerMillion: unit.request ?? 0n },
  ]);
}
