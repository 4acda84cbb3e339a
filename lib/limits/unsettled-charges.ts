/**
 * What budgets were charged for requests whose lease ended before they did, in the window that it
 * was charged in: no log row tells of it until they are settled after all.
 */
export class UnsettledCharges {
  readonly #charges = new Map<string, { windowStartMs: number; nanos: bigint }>();

  /** Adds a charge of the window that began then; a negative one takes away. */
  add(budgetId: string, windowStartMs: number, nanos: bigint): void {
    const sum = this.of(budgetId, windowStartMs) + nanos;
    if (sum > 0n) {
      this.#charges.set(budgetId, { windowStartMs, nanos: sum });
    } else {
      this.#charges.delete(budgetId);
    }
  }

  of(budgetId: string, windowStartMs: number): bigint {
    const charge = this.#charges.get(budgetId);
    return charge?.windowStartMs === windowStartMs ? charge.nanos : 0n;
  }
}
