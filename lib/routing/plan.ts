import { CATCH_ALL, type Snapshot } from "#lib/contract/snapshot.ts";
import { ConduitError } from "#lib/errors.ts";
import { collectTargets, resolveName, type Target } from "./group.ts";
import { listModels, mayAsk } from "./models.ts";
import type { OrderFacts } from "./strategies.ts";

const DEFAULT_MAX_ATTEMPTS = 3;
const MAX_NAMES_TOLD = 20;
const MAX_ECHO_LENGTH = 128;

export interface PlanInput extends OrderFacts {
  snapshot: Snapshot;
  /** The name that the caller asked for. */
  model: string;
  /** Names that the key may ask for; `null`, or a set that holds `*`, is every name. */
  allowedModels: ReadonlySet<string> | null;
}

/** Who may answer a request, in the order in which they are asked. */
export interface RoutePlan {
  /** At least one; no deployment twice; active ones only. */
  targets: Target[];
  /** The alias that the name resolved to, `*` included; `null` when it was none. */
  alias: string | null;
  /** `["model"]` when the caller's name was replaced by the catch-all. */
  adjusted: string[];
  /** Attempts on all targets together. */
  maxAttempts: number;
  /** The alias's own limit for the whole request, in milliseconds. */
  timeoutMs: number | null;
  /** Names the group whose retry budget the request uses; always a configured name. */
  group: string;
}

/**
 * Puts everybody who could answer in order. Pure: the snapshot, chance, latencies and costs are
 * handed in.
 *
 * Throws `model_not_found` (404) for a name that does not exist or that the key may not use, with
 * one text for both, so that it does not tell which; and `no_healthy_upstream` (503) when the name
 * exists but none of its deployments is active.
 */
export function planRoute(input: PlanInput): RoutePlan {
  const resolved = mayAsk(input.allowedModels, input.model)
    ? resolveName(input.snapshot, input.model)
    : undefined;
  if (resolved === undefined) {
    throw modelNotFound(input);
  }
  const { group, alias } = resolved;
  const targets = collectTargets(input.snapshot, group, input);
  if (targets.length === 0) {
    throw new ConduitError("no_healthy_upstream", {
      message: `No active deployment answers for the model "${echo(input.model)}".`,
    });
  }
  return {
    targets,
    alias: alias?.name ?? null,
    adjusted: alias?.name === CATCH_ALL ? ["model"] : [],
    maxAttempts: alias?.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
    timeoutMs: alias?.timeoutMs ?? null,
    group: group.name,
  };
}

function modelNotFound(input: PlanInput): ConduitError {
  const names = listModels(input).map(({ name }) => name);
  const told = names.slice(0, MAX_NAMES_TOLD).join(", ");
  const more = names.length - MAX_NAMES_TOLD;
  const offer =
    names.length === 0
      ? "This key may use no model at present."
      : `Models this key may use: ${told}${more > 0 ? ` and ${more} more` : ""}.`;
  return new ConduitError("model_not_found", {
    message: `The model "${echo(input.model)}" does not exist or this key may not use it. ${offer}`,
    param: "model",
  });
}

/** A caller's name as it may be repeated to the caller: not at any length. */
function echo(name: string): string {
  return name.length > MAX_ECHO_LENGTH ? `${name.slice(0, MAX_ECHO_LENGTH)}…` : name;
}
