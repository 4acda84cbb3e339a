import { growingCostNanos } from "#lib/ledger/growth.ts";
import type { Story } from "./story.ts";

/** Extends a request's reservation while its answer grows. */
export interface TopUps {
  /** Counts text that the answer has delivered. */
  add(text: string): void;
  /** Whether what was delivered is covered, after asking for more if need be. */
  cover(): Promise<boolean>;
}

/** Each top-up grows the reservation by a tenth, so that a long answer asks a few dozen times. */
const STEP_DIVISOR = 10n;

/** Top-ups for a request that holds a reservation at a known price, else `undefined`. */
export function openTopUps(story: Story): TopUps | undefined {
  const { admission, deployment } = story;
  if (admission?.reservation == null || deployment?.price.state !== "priced") {
    return undefined;
  }
  const { list } = deployment.price;
  const { estimateInputTokens: inputTokens } = story;
  const { createdAtMs: atMs } = story.exchange;
  let coveredNanos = admission.reservation.estimateNanos;
  let deliveredBytes = 0;
  return {
    add(text) {
      deliveredBytes += Buffer.byteLength(text);
    },
    async cover() {
      const spentNanos = growingCostNanos({ list, inputTokens, deliveredBytes, atMs });
      if (spentNanos <= coveredNanos) {
        return true;
      }
      const wantedNanos = spentNanos + spentNanos / STEP_DIVISOR;
      if (!(await admission.topUp(wantedNanos))) {
        return false;
      }
      coveredNanos = wantedNanos;
      return true;
    },
  };
}
