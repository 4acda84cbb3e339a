import type {
  BacktestEvent,
  GuardrailBacktestResult,
  GuardrailTestResult,
} from "#lib/contract/guardrail-test.ts";
import { withBasePath } from "../../_ui/base-path.ts";

/** Runs a dry run. Throws an error with the server's reason. */
export async function askTest(
  input: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<GuardrailTestResult> {
  const reply = await post("/api/console/guardrails/test", input, signal);
  // Our own endpoint; its shape is the contract's.
  return (await reply.json()) as GuardrailTestResult;
}

/** Runs a backtest and tells how far it is. Throws an error with the server's reason. */
export async function askBacktest(
  input: Readonly<Record<string, unknown>>,
  { onEvent, signal }: { onEvent: (event: BacktestEvent) => void; signal: AbortSignal },
): Promise<GuardrailBacktestResult> {
  const reply = await post("/api/console/guardrails/backtest", input, signal);
  let rest = "";
  let result: GuardrailBacktestResult | undefined;
  const reader = reply.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
    const lines = (rest + read.value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      // Our own endpoint writes one event a line.
      const event = JSON.parse(line) as BacktestEvent;
      onEvent(event);
      if (event.type === "problem") {
        throw new Error(event.message);
      }
      result = event.type === "result" ? event.result : result;
    }
  }
  if (result === undefined) {
    throw new Error("The connection broke off before the end. Run it again.");
  }
  return result;
}

async function post(
  path: `/api/console/${string}`,
  input: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Response> {
  const reply = await fetch(withBasePath(path), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
    signal,
  }).catch(() => undefined);
  if (reply === undefined) {
    throw new Error("Conduit cannot be reached. Check the connection and try again.");
  }
  if (!reply.ok) {
    throw await problemOf(reply);
  }
  return reply;
}

async function problemOf(reply: Response): Promise<Error> {
  const body: unknown = await reply.json().catch(() => undefined);
  const { error } = (body ?? {}) as { error?: { message?: string } };
  return new Error(error?.message ?? `The server answered with status ${reply.status}.`);
}
