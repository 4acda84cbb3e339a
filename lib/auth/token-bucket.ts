/** Lets `perSecond` actions through, after a rest as many at once. */
export interface TokenBucket {
  /** Whether one more may pass now. */
  take(nowMs: number): boolean;
  /** Takes back one that turned out not to count. */
  give(): void;
}

export function makeTokenBucket(perSecond: number): TokenBucket {
  let tokens = perSecond;
  let filledMs = 0;
  return {
    take: (nowMs) => {
      // A clock that was set back adds nothing, and above all takes nothing away.
      const passedMs = Math.max(0, nowMs - filledMs);
      tokens = Math.min(perSecond, tokens + (passedMs * perSecond) / 1_000);
      filledMs = nowMs;
      if (tokens < 1) {
        return false;
      }
      tokens -= 1;
      return true;
    },
    give: () => {
      tokens = Math.min(perSecond, tokens + 1);
    },
  };
}
