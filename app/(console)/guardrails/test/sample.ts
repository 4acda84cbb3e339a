import type { PayloadView } from "#lib/contract/payload.ts";

/** A message while it is edited. */
export interface SampleMessage {
  /** Tells two of them apart while they are moved and removed. */
  key: number;
  role: string;
  text: string;
  /** The message of a stored request that it was; it is sent as it was while its text is the same. */
  original: Readonly<Record<string, unknown>> | null;
}

/** A request and an answer to try rules on. */
export interface Sample {
  messages: readonly SampleMessage[];
  answer: string;
  model: string | null;
  keyId: string | null;
  /** A rule to run alone; null runs those that are in force. */
  ruleId: string | null;
}

export const EMPTY_SAMPLE: Sample = {
  messages: [{ key: 0, role: "user", text: "", original: null }],
  answer: "",
  model: null,
  keyId: null,
  ruleId: null,
};

/** What is sent to the server. */
export function inputOf(sample: Sample): Record<string, unknown> {
  return {
    messages: sample.messages.map(messageOf),
    ...(sample.answer === "" ? {} : { answer: sample.answer }),
    ...(sample.model === null ? {} : { model: sample.model }),
    ...(sample.keyId === null ? {} : { key_id: sample.keyId }),
    ...(sample.ruleId === null ? {} : { rule_id: sample.ruleId, only: true }),
  };
}

function messageOf({ role, text, original }: SampleMessage): Record<string, unknown> {
  if (original === null) {
    return { role, content: text };
  }
  return textOf(original["content"]) === text ? { ...original } : { ...original, content: text };
}

/** The messages and the answer of a stored request; a sentence when there are none to be had. */
export function sampleOf(payload: PayloadView): Pick<Sample, "messages" | "answer"> | string {
  if (payload.state !== "stored") {
    return "What this request asked is not stored.";
  }
  if (payload.request.truncated) {
    return "Only the beginning of this request is stored.";
  }
  const messages = listIn(parsed(payload.request.text), "messages").filter(isObject);
  if (messages.length === 0) {
    return "This request has no messages.";
  }
  return {
    messages: messages.map((original, key) => ({
      key,
      role: String(original["role"] ?? "user"),
      text: textOf(original["content"]),
      original,
    })),
    answer: answerIn(payload.answer?.text ?? ""),
  };
}

function answerIn(text: string): string {
  const [choice] = listIn(parsed(text), "choices").filter(isObject);
  const message = choice?.["message"];
  return isObject(message) ? textOf(message["content"]) : "";
}

function textOf(content: unknown): string {
  if (typeof content === "string") {
    return content;
  }
  const parts = Array.isArray(content) ? content.filter(isObject) : [];
  return parts.map((part) => (typeof part["text"] === "string" ? part["text"] : "")).join("");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function listIn(value: unknown, name: string): unknown[] {
  const list = isObject(value) ? value[name] : undefined;
  return Array.isArray(list) ? list : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
