import { z } from "zod";
import type { Run } from "./playground-state.ts";

/** What this page reads of a chunk; the rest of it is the model's affair. */
const chunk = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        delta: z
          .looseObject({
            content: z.string().nullish(),
            refusal: z.string().nullish(),
            tool_calls: z
              .array(
                z.looseObject({
                  function: z
                    .looseObject({
                      name: z.string().nullish(),
                      arguments: z.string().nullish(),
                    })
                    .nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
  usage: z
    .looseObject({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() })
    .nullish(),
  conduit: z.looseObject({ cost_usd: z.string().nullish() }).nullish(),
});

const failure = z.looseObject({
  error: z.looseObject({ message: z.string(), code: z.string().nullish() }),
});

export interface Delta {
  text: string;
  run: Partial<Run>;
  problem: { code: string | null; message: string } | null;
}

const NOTHING: Delta = { text: "", run: {}, problem: null };

/** What one event of a streamed answer brings. */
export function deltaOf(data: string): Delta {
  if (data === "[DONE]") {
    return NOTHING;
  }
  const body = jsonOf(data);
  const problem = problemIn(body);
  if (problem !== null) {
    return { ...NOTHING, problem };
  }
  const parsed = chunk.safeParse(body).data;
  return parsed === undefined ? NOTHING : { text: textOf(parsed), run: usageOf(parsed), problem };
}

/** The error of an answer or of an event; null when it is none. */
export function problemIn(body: unknown): { code: string | null; message: string } | null {
  const found = failure.safeParse(body).data;
  return found === undefined
    ? null
    : { code: found.error.code ?? null, message: found.error.message };
}

function textOf({ choices }: z.infer<typeof chunk>): string {
  const delta = choices?.[0]?.delta;
  const calls = (delta?.tool_calls ?? []).map(
    ({ function: called }) => `${called?.name ?? ""}${called?.arguments ?? ""}`,
  );
  return `${delta?.content ?? ""}${delta?.refusal ?? ""}${calls.join("")}`;
}

function usageOf({ usage, conduit }: z.infer<typeof chunk>): Partial<Run> {
  return {
    ...(usage == null
      ? {}
      : {
          inputTokens: usage.prompt_tokens ?? null,
          outputTokens: usage.completion_tokens ?? null,
        }),
    ...(conduit?.cost_usd == null ? {} : { costUsd: conduit.cost_usd }),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The gateway ends a stream by itself at an event that does not parse.
    return undefined;
  }
}
