import type { DeploymentTestInput, TestEvent } from "#lib/contract/deployment-test.ts";
import { withBasePath } from "../../_ui/base-path.ts";

/** Runs a connection test and hands over each of its events as it comes. Throws what went wrong. */
export async function readTest(
  input: DeploymentTestInput,
  { onEvent, signal }: { onEvent: (event: TestEvent) => void; signal: AbortSignal },
): Promise<void> {
  const response = await fetch(withBasePath("/api/console/deployments/test"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
    signal,
  });
  if (!response.ok || response.body === null) {
    throw new Error(await reasonOf(response));
  }
  let rest = "";
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const lines = (rest + read.value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      // Our own endpoint writes one event a line.
      onEvent(JSON.parse(line) as TestEvent);
    }
  }
}

async function reasonOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  const { error } = (body ?? {}) as { error?: { message?: string } };
  return error?.message ?? `The server answered with status ${response.status}.`;
}
