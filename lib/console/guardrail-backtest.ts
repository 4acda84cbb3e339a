import { getSecrets } from "#lib/auth/bootstrap.ts";
import type { EndpointName } from "#lib/contract/answer.ts";
import type { GuardrailRule } from "#lib/contract/guardrail-rule.ts";
import type {
  BacktestEvent,
  GuardrailBacktest,
  GuardrailBacktestResult,
} from "#lib/contract/guardrail-test.ts";
import { requestPayload } from "#lib/contract/payload.ts";
import { unseal } from "#lib/crypto.ts";
import { getDb } from "#lib/db/client.ts";
import { payloadContext } from "#lib/db/request-payloads.ts";
import { listStoredPayloads, type StoredPayload } from "#lib/db/stored-payloads.ts";
import { ConduitError, toConduitError } from "#lib/errors.ts";
import { compileStage, rulesFor } from "#lib/guardrails/policy.ts";
import type { CheckTools } from "#lib/guardrails/run-rule.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { readTrialRule } from "./guardrail-draft.ts";
import { openTrialTools } from "./guardrail-powers.ts";
import { addStages, emptyTally } from "./guardrail-tally.ts";
import { runTrial, type TrialRequest } from "./guardrail-trial.ts";
import { recordEvent } from "./record-event.ts";

/** So many sealed requests are in memory at once. */
const PAGE = 25;
/** A rule that asks a model or a service asks it for every request, and may pay for each. */
const MOST_ASKED = 100;

export interface BacktestOptions {
  onProgress?: (progress: { done: number; of: number; acted: number }) => void;
  /** Ends it early: what was asked of others is cut, and the error is thrown. */
  signal?: AbortSignal;
}

/** Runs the backtest that `prepareBacktest` has checked. */
type PreparedBacktest = (options: BacktestOptions) => Promise<GuardrailBacktestResult>;

/**
 * Checks what is asked, before anything is read: throws 400 naming the field for a rule that could
 * not be saved, and 404 for one that does not exist. The run itself counts what the rule would have
 * done to the latest stored requests and answers, as they were stored: rules that redact had done so.
 */
export async function prepareBacktest(
  actor: Actor,
  input: GuardrailBacktest,
): Promise<PreparedBacktest> {
  const rule = await readTrialRule(actor, input);
  if (rule === undefined) {
    throw new ConduitError("missing_required_parameter", {
      message: "'rule_id' is required, or a draft.",
      param: "rule_id",
    });
  }
  assertAffordable(rule, input.limit);
  return async (options) => {
    await recordEvent(actor, {
      action: "guardrail.backtest",
      targetType: "guardrail",
      targetId: input.rule_id ?? null,
      after: { name: rule.name, type: rule.type, requests: input.limit },
    });
    return await run({ actor, rule, limit: input.limit, options });
  };
}

/** `prepareBacktest` and its run in one, for callers who wait for the end. */
export async function backtestGuardrail(
  actor: Actor,
  input: GuardrailBacktest,
): Promise<GuardrailBacktestResult> {
  return await (await prepareBacktest(actor, input))({});
}

function assertAffordable(rule: GuardrailRule, limit: number): void {
  const asks = rule.stages
    .flatMap((stage) => compileStage([rule], stage))
    .some(({ check }) => check?.kind === "remote");
  if (asks && limit > MOST_ASKED) {
    throw new ConduitError("invalid_value", {
      message: `'limit' must be at most ${MOST_ASKED} for a rule that asks a model or a service.`,
      param: "limit",
    });
  }
}

interface Run {
  actor: Actor;
  rule: GuardrailRule;
  limit: number;
  options: BacktestOptions;
}

async function run({ actor, rule, limit, options }: Run): Promise<GuardrailBacktestResult> {
  const cut = new AbortController();
  const signal = options.signal ?? cut.signal;
  const tools = openTrialTools(signal, { mayAsk: true });
  const tally = emptyTally(rule.action);
  let beforeId: string | undefined;
  for (;;) {
    const rows = await listStoredPayloads(getDb("console"), {
      scope: scopeOf(actor, "guardrail.backtest"),
      limit: Math.min(PAGE, limit - tally.looked_at) + 1,
      beforeId,
    });
    const page = rows.slice(0, Math.min(PAGE, limit - tally.looked_at));
    for (const row of page) {
      signal.throwIfAborted();
      await lookAt(row, { rule, tally, tools });
      options.onProgress?.({ done: tally.looked_at, of: limit, acted: tally.acted });
      // A check of a long text takes milliseconds, and requests are served meanwhile.
      await new Promise((resolve) => setImmediate(resolve));
    }
    tally.more = rows.length > page.length;
    if (!tally.more || tally.looked_at >= limit) {
      return tally;
    }
    beforeId = page.at(-1)?.requestId;
  }
}

interface Look {
  rule: GuardrailRule;
  tally: GuardrailBacktestResult;
  tools: CheckTools;
}

async function lookAt(row: StoredPayload, { rule, tally, tools }: Look): Promise<void> {
  tally.looked_at += 1;
  tally.oldest_at = row.createdAt.toISOString();
  if (rulesFor([rule], row).length === 0) {
    tally.out_of_scope += 1;
    return;
  }
  const trial = open(row);
  if (trial === undefined) {
    tally.unreadable += 1;
    return;
  }
  addStages(tally, row, await runTrial([rule], trial, tools));
}

/** A stored request and its answer; `undefined` where they cannot be read as a whole. */
function open(row: StoredPayload): TrialRequest | undefined {
  const { masterKeys } = getSecrets();
  if (row.truncated || !masterKeys.keys.has(row.sealed.version)) {
    return undefined;
  }
  const plain = unseal(masterKeys, row.sealed, payloadContext(row.requestId)).reveal();
  const { request, answer } = requestPayload.parse(JSON.parse(plain));
  const body = objectIn(request.text);
  if (body === undefined) {
    return undefined;
  }
  return {
    // The log keeps the endpoint's name as a text.
    endpoint: row.endpoint as EndpointName,
    request: body,
    answer: answer === null ? null : (objectIn(answer.text) ?? null),
  };
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The backtest as lines of JSON, for a page that shows how far it is. */
export function streamBacktest(
  backtest: PreparedBacktest,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async start(controller) {
      const send = (event: BacktestEvent): void => {
        if (!signal.aborted) {
          controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
        }
      };
      try {
        const onProgress = (progress: { done: number; of: number; acted: number }): void =>
          send({ type: "progress", ...progress });
        send({ type: "result", result: await backtest({ signal, onProgress }) });
      } catch (thrown) {
        send({ type: "problem", message: toConduitError(thrown).message });
      }
      if (!signal.aborted) {
        controller.close();
      }
    },
  });
}
