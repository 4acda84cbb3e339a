/** How long a caller is asked to wait when all slots are taken: nobody knows when one is free. */
const SLOT_WAIT_MS = 1_000;

/**
 * The slots of one scope in this process. A slot is a lease with an owner and an end, so that one
 * whose owner never came back is free again when the lease is over.
 */
export class Leases {
  readonly #endsAtMs = new Map<string, number>();

  /** Whether fewer than `slots` are taken. */
  hasRoom(slots: number, nowMs: number): boolean {
    if (this.#endsAtMs.size >= slots) {
      this.sweep(nowMs);
    }
    return this.#endsAtMs.size < slots;
  }

  take(requestId: string, endsAtMs: number): void {
    this.#endsAtMs.set(requestId, endsAtMs);
  }

  giveBack(requestId: string): void {
    this.#endsAtMs.delete(requestId);
  }

  /** Frees the slots whose lease has ended; returns how many are still taken. */
  sweep(nowMs: number): number {
    for (const [requestId, endsAtMs] of this.#endsAtMs) {
      if (endsAtMs <= nowMs) {
        this.#endsAtMs.delete(requestId);
      }
    }
    return this.#endsAtMs.size;
  }

  /** Milliseconds after which asking again makes sense. */
  waitMs(nowMs: number): number {
    return slotWaitMs(Math.min(...this.#endsAtMs.values()) - nowMs);
  }
}

/** The wait for a slot, given the milliseconds until the first lease ends. */
export function slotWaitMs(untilFirstEndMs: number): number {
  return Math.max(1, Math.min(SLOT_WAIT_MS, untilFirstEndMs));
}
