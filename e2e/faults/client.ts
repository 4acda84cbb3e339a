/** How an answer ended for the caller. `cut` is the one that only a killed process may cause. */
export type Ending = "json" | "done" | "error_event" | "cut";

export interface Outcome {
  /** 0 when nothing answered. */
  status: number;
  headers: Headers;
  /** The gateway's own request id; null when no header arrived. */
  id: string | null;
  text: string;
  ending: Ending;
}

export interface Question {
  url: string;
  key: string;
  model: string;
  stream?: boolean;
  /** Other fields of the body. */
  fields?: Record<string, unknown>;
  path?: string;
  /** Headers beside the key and the content type. */
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  /** Told of each piece of the answer's body as it comes. */
  onChunk?: () => void;
}

/** Asks for a chat completion and says how it ended; never throws. */
export async function ask(question: Question): Promise<Outcome> {
  let reply: Response;
  try {
    reply = await fetch(`${question.url}${question.path ?? "/v1/chat/completions"}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${question.key}`,
        "content-type": "application/json",
        ...question.headers,
      },
      body: JSON.stringify({
        model: question.model,
        messages: [{ role: "user", content: "Is everything well?" }],
        ...(question.stream === true ? { stream: true } : {}),
        ...question.fields,
      }),
      ...(question.signal === undefined ? {} : { signal: question.signal }),
    });
  } catch {
    return { status: 0, headers: new Headers(), id: null, text: "", ending: "cut" };
  }
  const text = await textOf(reply, question.onChunk);
  return {
    status: reply.status,
    headers: reply.headers,
    id: reply.headers.get("x-request-id"),
    text: text.read,
    ending: text.cut ? "cut" : endingOf(reply, text.read),
  };
}

async function textOf(
  reply: Response,
  onChunk: (() => void) | undefined,
): Promise<{ read: string; cut: boolean }> {
  const decoder = new TextDecoder();
  let read = "";
  try {
    for await (const chunk of reply.body ?? []) {
      onChunk?.();
      read += decoder.decode(chunk, { stream: true });
    }
    return { read, cut: false };
  } catch {
    return { read, cut: true };
  }
}

function endingOf(reply: Response, text: string): Ending {
  if (reply.headers.get("content-type")?.startsWith("text/event-stream") !== true) {
    return isJson(text) ? "json" : "cut";
  }
  const events = text.split(/\n\n/).filter((event) => event.trim() !== "");
  const last = events.at(-1) ?? "";
  if (last.trim() === "data: [DONE]") {
    return "done";
  }
  return events.some((event) => event.includes('"error"')) ? "error_event" : "cut";
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The error of an answer, from its JSON or from the last event that has one. */
export function errorOf(outcome: Outcome): { code: string | null; message: string } | undefined {
  const texts = [
    outcome.text,
    ...outcome.text.split("\n").map((line) => line.replace(/^data: /, "")),
  ];
  for (const text of texts.toReversed()) {
    if (text.includes('"error"') && isJson(text)) {
      const { error } = JSON.parse(text) as { error?: { code: string | null; message: string } };
      if (error !== undefined) {
        return error;
      }
    }
  }
  return undefined;
}
