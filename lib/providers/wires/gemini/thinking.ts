import type { ChatRequest } from "#lib/contract/chat.ts";
import { ConduitError } from "#lib/errors.ts";
import { type Adjustments, isGiven } from "#lib/providers/codec/adjust.ts";
import type { GeminiModel } from "./models.ts";

interface Effort {
  /** Of the longest budget there is. */
  share: number;
  /** The nearest level of generation 3. */
  level: "lowest" | "low" | "medium" | "high";
}

const EFFORTS: ReadonlyMap<string, Effort> = new Map([
  ["none", { share: 0, level: "lowest" }],
  ["minimal", { share: 0.02, level: "lowest" }],
  ["low", { share: 0.1, level: "low" }],
  ["medium", { share: 0.3, level: "medium" }],
  ["high", { share: 0.6, level: "high" }],
  ["xhigh", { share: 1, level: "high" }],
  ["max", { share: 1, level: "high" }],
]);
const BUDGET_SCALE_TOKENS = 65_536;

/**
 * `generationConfig.thinkingConfig` for `reasoning_effort`; `undefined` leaves the model to itself.
 * Reported wherever the model knows no effort of that name. Throws `unsupported_value` for an effort
 * that nobody knows.
 */
export function thinkingConfig(
  request: ChatRequest,
  { model, adjust }: { model: GeminiModel; adjust: Adjustments },
): Record<string, unknown> | undefined {
  const name = request.reasoning_effort;
  if (!isGiven(name)) {
    return undefined;
  }
  const effort = EFFORTS.get(name);
  if (effort === undefined) {
    throw new ConduitError("unsupported_value", {
      message: `'reasoning_effort' must be one of ${[...EFFORTS.keys()].join(", ")}.`,
      param: "reasoning_effort",
    });
  }
  const { isExact, config } = configFor(name, effort, model);
  if (!isExact) {
    adjust.report("reasoning_effort");
  }
  return config && { ...config, ...(name === "none" ? {} : { includeThoughts: true }) };
}

interface Configured {
  /** Whether the model knows an effort of this very name. */
  isExact: boolean;
  config: Record<string, unknown> | undefined;
}

function configFor(name: string, effort: Effort, model: GeminiModel): Configured {
  switch (model.thinking) {
    case "none":
      return { isExact: name === "none", config: undefined };
    case "budget":
      return {
        isExact: name === "none" && model.budget.canBeOff,
        config: { thinkingBudget: budgetFor(effort.share, model.budget) },
      };
    case "level": {
      const level = effort.level === "lowest" ? model.lowestLevel : effort.level;
      return { isExact: level === name, config: { thinkingLevel: level } };
    }
    default:
      return model.thinking satisfies never;
  }
}

function budgetFor(share: number, { least, most, canBeOff }: GeminiModel["budget"]): number {
  if (share === 0) {
    return canBeOff ? 0 : least;
  }
  return Math.min(most, Math.max(least, Math.floor(share * BUDGET_SCALE_TOKENS)));
}
