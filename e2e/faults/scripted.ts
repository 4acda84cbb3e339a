import { expect } from "vitest";
import {
  type FakeHandler,
  type FakeRequest,
  type FakeUpstream,
  type Reply,
  startFakeUpstream,
} from "#lib/testing/fake-upstream.ts";
import { chatReply, chatStreamReply } from "#lib/testing/openai-replies.ts";
import { tier } from "#lib/testing/tier.ts";
import type { FakeWire } from "#lib/testing/wire-replies.ts";
import { ask, type Outcome } from "./client.ts";
import { expectInvariants } from "./invariants.ts";
import { type FaultWorld, hasStores, type WorldOptions } from "./world.ts";

/** The text and the price of what `healthy` answers: 9 tokens in at 1 USD a million, 3 out at 2. */
export const HEALTHY_TEXT = "from a healthy one";
export const HEALTHY_COST_USD = 0.000_015;

/** An upstream that is well, whole and streamed. */
function healthy(request: FakeRequest): Reply {
  return isStreamed(request)
    ? chatStreamReply(["from", " a healthy", " one"])
    : chatReply(HEALTHY_TEXT);
}

function isStreamed(request: FakeRequest): boolean {
  return (request.json() as { stream?: boolean }).stream === true;
}

/** Where faults of upstreams are tried: the embedded database, and with everything the rest too. */
export function upstreamWorlds(): (WorldOptions & { door: "fast" | "next" })[] {
  const quick = [{ store: "embedded", door: "fast" }] as const;
  const stores = hasStores() ? ([{ store: "stores", door: "fast" }] as const) : [];
  return tier() === "all" ? [...quick, ...stores, { store: "embedded", door: "next" }] : [...quick];
}

interface Scripted {
  /** What to ask for. */
  model: string;
  deploymentId: string;
  upstream: FakeUpstream;
}

export interface ScriptedOptions {
  /** Fields of the deployment. */
  fields?: Record<string, unknown>;
  /** The format that the upstream speaks; default OpenAI's. */
  wire?: FakeWire;
  /** Whether a healthy target stands behind it. */
  hasSpare?: boolean;
}

/** Attempts of a request, as its log entry lists them. */
interface LogDetail {
  outcome: string;
  status: number;
  error_code: string | null;
  cost_usd: string;
  tokens_estimated: boolean;
  tokens: { input: number; output: number };
  attempt_list: { ended: string; deployment: string; error_code: string | null }[];
}

/** Models with an upstream each, so that no case meets what another did to a breaker. */
export class Scripts {
  readonly #world: FaultWorld;
  readonly #key: string;
  readonly #upstreams: FakeUpstream[] = [];
  readonly #asked: Outcome[] = [];
  #count = 0;

  private constructor(world: FaultWorld, key: string) {
    this.#world = world;
    this.#key = key;
  }

  /** Asks with a key that has a budget, so that every request reserves. */
  static async open(world: FaultWorld): Promise<Scripts> {
    world.upstream.replyWith(healthy);
    const { key } = await world.gateway.addKey({ budget_limit_usd: "5000" });
    return new Scripts(world, key);
  }

  async add(handler: FakeHandler, options: ScriptedOptions = {}): Promise<Scripted> {
    this.#count += 1;
    const count = this.#count;
    const upstream = await startFakeUpstream(handler);
    this.#upstreams.push(upstream);
    const { wire } = options;
    const model = `${wire?.modelName ?? "scripted"}-${count}`;
    const deploymentId = await this.#world.addModel(`scripted-${count}`, {
      provider: wire?.provider ?? "openai_compatible",
      model_name: model,
      api_base: `${upstream.url}${wire?.base ?? "/v1"}`,
      ...options.fields,
    });
    if (options.hasSpare === true) {
      await this.#world.addModel(`spare-${count}`, { model_name: model, priority: 2 });
    }
    return { model, deploymentId, upstream };
  }

  /** Asks for a model and remembers the answer for `finish`. */
  async ask(
    model: string,
    stream: boolean,
    fields: Record<string, unknown> = {},
  ): Promise<Outcome> {
    const { url } = this.#world.gateway;
    const outcome = await ask({ url, key: this.#key, model, stream, fields });
    this.#asked.push(outcome);
    return outcome;
  }

  /** What `fetch` gives, for a test that reads the stream by itself. Remembers nothing. */
  stream(
    model: string,
    options: { fields?: object; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    return fetch(`${this.#world.gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${this.#key}`,
        "content-type": "application/json",
        ...options.headers,
      },
      body: JSON.stringify({
        model,
        messages: [{ role: "user", content: "Is everything well?" }],
        stream: true,
        ...options.fields,
      }),
    });
  }

  /** What must hold of everything that was asked since the last call. */
  async finish(told: { costUsd?: number; estimated?: ReadonlySet<string> } = {}): Promise<void> {
    const outcomes = this.#asked.splice(0);
    await expectInvariants(this.#world, { outcomes, ...told });
  }

  /** The log entry of an answer; there once `finish` has come through. */
  async detail(outcome: Outcome): Promise<LogDetail> {
    return (await this.#world.gateway.admin("GET", `/logs/${outcome.id}`)) as unknown as LogDetail;
  }

  async close(): Promise<void> {
    await Promise.all(this.#upstreams.map((upstream) => upstream.close()));
  }
}

/** That an answer came from the healthy target, complete. */
export function expectHealthy(outcome: Outcome): void {
  const isStream = outcome.headers.get("content-type")?.startsWith("text/event-stream") === true;
  expect([outcome.status, outcome.ending, outcome.text]).toEqual([
    200,
    isStream ? "done" : "json",
    expect.stringContaining("healthy"),
  ]);
}
