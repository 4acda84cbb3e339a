import { digestOf, exactParts } from "./key.ts";
import type { Question } from "./question.ts";

/** Beyond it a vector stands for the drift of a text and no longer for what it says. */
const MAX_CHARS = 4000;

/** A question that may be answered with the answer to another one of the same meaning. */
export interface LikeQuestion {
  /** The last thing that was said: the one part that another question may say in other words. */
  text: string;
  /**
   * The keyed digest of everything else, and of the vectors' kind, which all have to be the same to
   * the letter. 32 bytes; `undefined` for a request that is too large to be told from others.
   */
  partitionOf(space: { model: string; dimensions: number }): Buffer | undefined;
}

/**
 * The question as one that others may be like; `undefined` for all but chats that end with a
 * person's text and in which no tool was called: what a tool said then holds now by chance alone.
 */
export function likeQuestionOf(question: Question, minChars: number): LikeQuestion | undefined {
  const { messages, modalities } = question.body as ChatBody;
  if (question.endpoint !== "chat" || !Array.isArray(messages) || wantsMoreThanText(modalities)) {
    return undefined;
  }
  const last = messages.at(-1);
  const text = last?.role === "user" ? textOf(last.content) : undefined;
  if (text === undefined || text.trim().length < minChars || text.length > MAX_CHARS) {
    return undefined;
  }
  if (messages.some(isOfTools)) {
    return undefined;
  }
  const body = {
    ...question.body,
    messages: [...messages.slice(0, -1), { ...last, content: null }],
  };
  const rest = exactParts({ ...question, body });
  return {
    text,
    partitionOf: ({ model, dimensions }) => digestOf(["semantic/1", model, dimensions, rest]),
  };
}

interface Message {
  role?: string;
  content?: unknown;
  tool_calls?: readonly unknown[] | null;
  function_call?: unknown;
}

/** The fields that are looked at; the request has been through its schema. */
interface ChatBody {
  messages?: readonly Message[];
  modalities?: unknown;
}

function wantsMoreThanText(modalities: unknown): boolean {
  return Array.isArray(modalities) && modalities.some((modality) => modality !== "text");
}

function isOfTools({ role, tool_calls: calls, function_call: call }: Message): boolean {
  return role === "tool" || role === "function" || (calls?.length ?? 0) > 0 || call != null;
}

/** A text, or parts that are all text. */
function textOf(content: unknown): string | undefined {
  if (typeof content === "string") {
    return content;
  }
  if (!Array.isArray(content)) {
    return undefined;
  }
  const parts = content as readonly { type?: unknown; text?: unknown }[];
  const texts = parts.map(({ type, text }) => (type === "text" ? text : undefined));
  return texts.every((text) => typeof text === "string") ? texts.join("\n") : undefined;
}
