import type { FirstRequestView } from "#lib/contract/setup.ts";
import { getApiKey } from "#lib/db/api-key-admin.ts";
import { getDb } from "#lib/db/client.ts";
import { getFirstRequest } from "#lib/db/first-request.ts";
import { formatUsd } from "#lib/money.ts";
import { type Actor, assertWithinReach } from "./actor.ts";
import { requireFound } from "./found.ts";

/** The first request that a key has made, once its log row is written. */
export async function showFirstRequestOf(actor: Actor, keyId: string): Promise<FirstRequestView> {
  const db = getDb("console");
  const key = requireFound(await getApiKey(db, { id: keyId }), "key");
  assertWithinReach(actor, "key.read", { ...key, what: "key" });
  const row = await getFirstRequest(db, { keyId, since: key.createdAt });
  return {
    request:
      row === undefined
        ? null
        : {
            id: row.id,
            status: row.status,
            latency_ms: row.latencyMs,
            // What nobody knows the price of has not cost nothing.
            cost_usd: row.priceState === "unpriced" ? null : formatUsd(row.costNanos),
          },
  };
}
