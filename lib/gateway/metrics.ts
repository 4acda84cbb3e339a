import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { authenticateAdmin } from "#lib/auth/admin.ts";
import type { Outcome } from "#lib/contract/record.ts";
import { totalTokens, type Usage } from "#lib/contract/usage.ts";
import { type ConduitError, toConduitError } from "#lib/errors.ts";
import { type LedgerStats, ledgerStats } from "#lib/ledger/stats.ts";
import { getLog } from "#lib/log.ts";
import { singleton } from "#lib/singleton.ts";
import { registerBudgetCheck } from "./budget-check.ts";
import { refusedConnections } from "./descriptors.ts";
import type { Exchange, Reply } from "./exchange.ts";
import { mishapCounts } from "./mishaps.ts";
import { isMemoryShort, unkeptForMemory } from "./pressure.ts";
import { getRuntime } from "./runtime.ts";
import { STORE_GAUGES } from "./store-gauges.ts";
import type { Story } from "./story.ts";
import { CounterTally, HistogramTally } from "./tallies.ts";

/**
 * What Prometheus reads. Every label has a bounded number of values: endpoints, outcomes, and names
 * of configured deployments; never a key, a user, or a name that a caller wrote.
 */
interface Metrics {
  registry: Registry;
  requests: CounterTally;
  tokens: CounterTally;
  cost: CounterTally;
  overhead: HistogramTally;
  firstContent: HistogramTally;
  unknownKeys: CounterTally;
}

const OVERHEAD_SECONDS = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5];
const FIRST_CONTENT_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

const LEDGER_GAUGES: readonly [name: string, help: string, figure: keyof LedgerStats][] = [
  ["conduit_ledger_queued_rows", "Log rows that wait for the database.", "queuedRows"],
  ["conduit_ledger_oldest_row_ms", "How long the oldest of them has waited.", "oldestAgeMs"],
  ["conduit_ledger_store_failures", "Failures to store since the last success.", "storeFailures"],
  ["conduit_ledger_dead_letters", "Log rows that the database refused.", "deadLetters"],
  ["conduit_journal_bytes", "Size of the journal.", "journalBytes"],
  [
    "conduit_journal_write_failures",
    "Groups that the journal could not take.",
    "journalWriteFailures",
  ],
  ["conduit_ledger_unsafe_rows", "Log rows that are in memory alone.", "unsafeRows"],
  ["conduit_ledger_lost_rows", "Log rows that nothing could take.", "lostRows"],
  ["conduit_requests_open", "Requests that were announced and have not ended.", "openIntents"],
];

function metrics(): Metrics {
  return singleton("gateway.metrics", makeMetrics);
}

function makeMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const [name, help, figure] of LEDGER_GAUGES) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const runtime = getRuntime();
        this.set(runtime === undefined ? 0 : ledgerStats(runtime)[figure]);
      },
    });
  }
  addProcessGauges(registers);
  registerBudgetCheck(registers);
  return {
    registry,
    requests: new CounterTally(registry, {
      name: "conduit_requests_total",
      help: "Requests by how they ended.",
    }),
    tokens: new CounterTally(registry, {
      name: "conduit_tokens_total",
      help: "Tokens that were billed.",
    }),
    cost: new CounterTally(registry, {
      name: "conduit_cost_usd_total",
      help: "Cost in US dollars.",
    }),
    overhead: new HistogramTally(registry, {
      name: "conduit_overhead_seconds",
      help: "Time spent in the gateway itself, up to the first byte of the reply.",
      bounds: OVERHEAD_SECONDS,
    }),
    firstContent: new HistogramTally(registry, {
      name: "conduit_first_content_seconds",
      help: "Time to the first content.",
      bounds: FIRST_CONTENT_SECONDS,
    }),
    unknownKeys: new CounterTally(registry, {
      name: "conduit_unknown_keys_total",
      help: "Requests that were refused because their key is none of ours.",
    }),
  };
}

const PROCESS_GAUGES: readonly [name: string, help: string, value: () => number][] = [
  [
    "conduit_payloads_dropped",
    "Requests whose content is kept nowhere because too much of it waited, or memory was short.",
    () => (getRuntime()?.payloads.stats().dropped ?? 0) + unkeptForMemory(),
  ],
  ["conduit_memory_short", "1 while new streams are refused.", () => Number(isMemoryShort())],
  [
    "conduit_callers_refused",
    "Callers for whom no file descriptor would have been left.",
    () => refusedConnections().count,
  ],
  [
    "conduit_uncaught_exceptions",
    "Exceptions that nobody caught; one ends the process.",
    () => mishapCounts().exception,
  ],
  [
    "conduit_unhandled_rejections",
    "Promises that failed while nobody waited for them.",
    () => mishapCounts().rejection,
  ],
];

function addProcessGauges(registers: Registry[]): void {
  for (const [name, help, value] of [...PROCESS_GAUGES, ...STORE_GAUGES]) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  }
}

/** Counts a request's end. Requests without a known key are counted here and nowhere else. */
export function countEnding(
  story: Story,
  end: { outcome: Outcome; error?: ConduitError },
  usage: Usage,
  costNanos: bigint,
): void {
  const { requests, tokens, cost, overhead, firstContent, unknownKeys } = metrics();
  const endpoint = story.endpoint.name;
  const { outcome } = end;
  const code = end.error?.code ?? "";
  requests.add(`${endpoint} ${outcome} ${code}`, () => ({ endpoint, outcome, code }));
  if (story.caller === null) {
    if (code === "invalid_api_key") {
      unknownKeys.add("", () => ({}));
    }
    return;
  }
  if (story.overheadMs !== null) {
    overhead.observe(endpoint, () => ({ endpoint }), story.overheadMs / 1000);
  }
  if (story.firstContentAt !== null) {
    const elapsedMs = story.firstContentAt - story.exchange.startedAt;
    firstContent.observe(endpoint, () => ({ endpoint }), elapsedMs / 1000);
  }
  if (story.deployment !== null) {
    const deployment = story.deployment.name;
    const output = usage.output + usage.audioOut;
    const input = totalTokens(usage) - output;
    tokens.add(`${deployment} output`, () => ({ deployment, direction: "output" }), output);
    tokens.add(`${deployment} input`, () => ({ deployment, direction: "input" }), input);
    cost.add(deployment, () => ({ deployment }), Number(costNanos) / 1e9);
  }
}

/** Logs what went wrong outside every story: an unknown URL is routine, anything else is ours. */
export function countUnhandled(thrown: unknown, exchange: Exchange): void {
  const error = toConduitError(thrown);
  const { code } = error;
  const outcome = error.status < 500 ? "client_error" : "provider_error";
  const labels = () => ({ endpoint: "none", outcome, code });
  metrics().requests.add(`none ${outcome} ${code}`, labels);
  if (error.status >= 500) {
    getLog().error({ err: thrown, requestId: exchange.id }, "a request failed");
  }
}

const LOOPBACK = new Set(["127.0.0.1", "::1"]);

/** `GET /metrics`, for the admin key or from the machine itself. */
export async function answerMetrics(exchange: Exchange): Promise<Reply> {
  // A proxy on this machine speaks from loopback for the whole world, and says so in this header.
  const isLocal =
    LOOPBACK.has(exchange.ip ?? "") && exchange.header("x-forwarded-for") === undefined;
  if (!isLocal) {
    await authenticateAdmin({
      authorization: exchange.header("authorization"),
      apiKey: exchange.header("x-api-key"),
    });
  }
  const { registry } = metrics();
  return {
    status: 200,
    headers: { "content-type": registry.contentType },
    body: await registry.metrics(),
  };
}
