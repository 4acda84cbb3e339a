import { costNanos } from "#lib/money.ts";
import type { Story } from "./story.ts";

/** Extends a request's reservation while its answer grows. */
export interface TopUps {
  /** Whether an answer of this many characters is covered, after asking for more if need be. */
  cover(deliveredChars: number): Promise<boolean>;
}

/** A token of model output is rarely shorter; a low figure asks early and never late. */
const CHARS_PER_TOKEN = 3;
/** Each top-up grows the reservation by a tenth, so that a long answer asks a few dozen times. */
const STEP_DIVISOR = 10n;

/** Top-ups for a request that holds a reservation at a known price, else `undefined`. */
export function openTopUps(story: Story): TopUps | undefined {
  const { admission, deployment } = story;
  if (admission?.reservation == null || deployment?.price.state !== "priced") {
    return undefined;
  }
  const { base } = deployment.price.list;
  const inputNanos = costNanos([
    { tokens: story.estimateInputTokens, nanosPerMillion: base.input },
  ]);
  let coveredNanos = admission.reservation.estimateNanos;
  return {
    async cover(deliveredChars) {
      const tokens = Math.ceil(deliveredChars / CHARS_PER_TOKEN);
      const spentNanos = inputNanos + costNanos([{ tokens, nanosPerMillion: base.output }]);
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
