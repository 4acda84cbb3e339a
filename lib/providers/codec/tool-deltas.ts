import type { ToolCallDelta } from "#lib/contract/chat.ts";
import { isRecord } from "./tool-arguments.ts";
import { newToolId } from "./tool-ids.ts";

interface SeenCall {
  id: string;
  /** The upstream's own index, when it gave one. */
  upstreamIndex: number | undefined;
  hasArguments: boolean;
}

type Fields = Record<string, unknown>;

/**
 * Follows the tool calls of one streamed choice and brings their deltas into the one form that every
 * client can put together: numbered from 0, told apart also where an upstream
 * leaves out or reuses its index, with `id`, `type` and `name` in the first delta and only there.
 */
export class ToolDeltas {
  readonly #calls: SeenCall[] = [];

  get any(): boolean {
    return this.#calls.length > 0;
  }

  /** Corrects the deltas in place; returns whether anything changed. */
  settle(deltas: readonly Fields[]): boolean {
    let changed = false;
    for (const delta of deltas) {
      changed = this.#settleOne(delta) || changed;
    }
    return changed;
  }

  /** Deltas that give `{}` to the calls that had no arguments at all. */
  missingArguments(): ToolCallDelta[] {
    return this.#calls.flatMap((call, index) =>
      call.hasArguments ? [] : [{ index, function: { arguments: "{}" } }],
    );
  }

  #settleOne(delta: Fields): boolean {
    const known = this.#find(delta);
    const call = known ?? this.#start(delta);
    const index = this.#calls.indexOf(call);
    const body = bodyOf(delta);
    let changed = delta["index"] !== index;
    delta["index"] = index;
    changed = (known === undefined ? open(delta, call) : continued(delta, body)) || changed;
    return settleArguments(body, call) || changed;
  }

  #find(delta: Fields): SeenCall | undefined {
    const { index, id } = delta;
    const isNamed = typeof id === "string" && id !== "";
    if (typeof index === "number") {
      const last = this.#calls.findLast((call) => call.upstreamIndex === index);
      // Another id at the same index is another call.
      return isNamed && last?.id !== id ? undefined : last;
    }
    return isNamed ? this.#calls.find((call) => call.id === id) : this.#calls.at(-1);
  }

  #start(delta: Fields): SeenCall {
    const { id, index } = delta;
    const call = {
      id: typeof id === "string" && id !== "" ? id : newToolId(),
      upstreamIndex: typeof index === "number" ? index : undefined,
      hasArguments: false,
    };
    this.#calls.push(call);
    return call;
  }
}

/**
 * Leaves the calls that are ones in a message or delta: a broken upstream may send nulls or text
 * in their place. Returns whether that changed it.
 */
export function keepCalls(message: Fields, kept: readonly Fields[]): boolean {
  const calls = message["tool_calls"];
  if (calls === undefined || calls === null) {
    return false;
  }
  if (Array.isArray(calls) && calls.length === kept.length) {
    return false;
  }
  if (kept.length === 0) {
    delete message["tool_calls"];
  } else {
    message["tool_calls"] = kept;
  }
  return true;
}

/** The function or custom tool inside a delta; made when it is missing. */
function bodyOf(delta: Fields): Fields {
  const body = delta["function"] ?? delta["custom"];
  if (isRecord(body)) {
    return body;
  }
  const made: Fields = {};
  delta["function"] = made;
  return made;
}

function open(delta: Fields, call: SeenCall): boolean {
  const type = isRecord(delta["custom"]) ? "custom" : "function";
  if (delta["id"] === call.id && delta["type"] === type) {
    return false;
  }
  delta["id"] = call.id;
  delta["type"] = type;
  return true;
}

function continued(delta: Fields, body: Fields): boolean {
  if (!("id" in delta || "type" in delta || "name" in body)) {
    return false;
  }
  delete delta["id"];
  delete delta["type"];
  delete body["name"];
  return true;
}

function settleArguments(body: Fields, call: SeenCall): boolean {
  if ("input" in body) {
    // A custom tool's input is free text and may well be empty.
    call.hasArguments = true;
    return false;
  }
  const value = body["arguments"];
  if (typeof value === "string") {
    call.hasArguments ||= value !== "";
    return false;
  }
  body["arguments"] = value === undefined || value === null ? "" : JSON.stringify(value);
  call.hasArguments ||= body["arguments"] !== "";
  return true;
}
