import type { EndpointName } from "#lib/contract/answer.ts";
import type { ScannedText, TextOrigin } from "./define-rule.ts";
import { Draft, type PathNode, renderPath } from "./draft.ts";
import { isLikeJson, readEscapes } from "./json-literals.ts";
import { JsonText } from "./json-text.ts";
import { isBookkeeping, originInChoice } from "./leaf-names.ts";
import { isObject, type Leaf, originOfField, visitLeaves } from "./leaves.ts";

/** A text that can be changed where it stands. */
export interface TextSlot extends ScannedText {
  /** Puts another text in its place, here and in the body. */
  replace(text: string): void;
  /** Whether it can be read and not changed: a key, a number, a tool's name, a document. */
  isFixed?: boolean;
}

/** The texts of a request or a whole answer. */
export interface ScannedBody {
  /** In the order of the body; none is empty. */
  slots: readonly TextSlot[];
  /** Why a part of the body can be read by no rule; `null` when all of it can. */
  unreadable: string | null;
  /** The body with all replacements: the very same object when there were none. */
  body(): Record<string, unknown>;
}

const ORIGIN_BY_ROLE: Readonly<Record<string, TextOrigin>> = {
  system: "system",
  developer: "system",
  user: "user",
  assistant: "assistant",
  tool: "tool_result",
  function: "tool_result",
};

const ORIGIN_BY_FIELD: Readonly<Record<string, TextOrigin>> = {
  tools: "tool_definition",
  functions: "tool_definition",
  response_format: "tool_definition",
};

/** Every text of a request, whatever its endpoint, also in fields that nobody here knows. */
export function readRequestTexts(endpoint: EndpointName, request: object): ScannedBody {
  const reader = new TextReader(request, { readsFixed: true });
  const otherwise: TextOrigin = endpoint === "chat" ? "user" : "input";
  for (const [key, value] of Object.entries(request)) {
    if (key === "model") {
      continue;
    }
    const node = { parent: null, key };
    if (key === "messages" && Array.isArray(value)) {
      reader.readMessages(value, node);
    } else {
      reader.read(value, node, ORIGIN_BY_FIELD[key] ?? otherwise);
    }
  }
  // Token ids are text to the upstream, in a vocabulary that only it knows.
  const isTokens = endpoint !== "chat" && holdsNumbers((request as { input?: unknown }).input);
  return reader.finish(isTokens ? "The input is a list of token ids." : null);
}

/**
 * Every text of a whole answer: content, refusal, reasoning and tool arguments of each choice, and what
 * stands beside them, as the sources of a search.
 */
export function readAnswerTexts(answer: object): ScannedBody {
  const reader = new TextReader(answer, { readsFixed: false });
  for (const [key, value] of Object.entries(answer)) {
    const node = { parent: null, key };
    if (key === "choices" && Array.isArray(value)) {
      reader.readChoices(value, node);
    } else if (!isBookkeeping(key)) {
      reader.read(value, node, "tool_result");
    }
  }
  return reader.finish(null);
}

/**
 * Puts a text in place of another, and takes away what repeats or vouches for the old one: the
 * tokens of the choice's `logprobs`, and the signature beside a text of reasoning.
 */
export function replaceText(draft: Draft, node: PathNode, text: string): void {
  draft.set(node, text);
  draft.edit(node, (holder) => {
    delete holder["signature"];
  });
  const choice = choiceAbove(node);
  if (choice !== null) {
    draft.edit({ parent: choice, key: "logprobs" }, (holder) => {
      if (holder["logprobs"] != null) {
        holder["logprobs"] = null;
      }
    });
  }
}

class TextReader {
  readonly #draft: Draft;
  readonly #slots: TextSlot[] = [];
  readonly #json: JsonText[] = [];

  readonly #readsFixed: boolean;

  constructor(body: object, { readsFixed }: { readsFixed: boolean }) {
    this.#draft = new Draft(body);
    this.#readsFixed = readsFixed;
  }

  finish(unreadable: string | null): ScannedBody {
    const body = (): Record<string, unknown> => {
      for (const json of this.#json) {
        json.flush();
      }
      return this.#draft.value;
    };
    return { slots: this.#slots, unreadable, body };
  }

  readMessages(messages: readonly unknown[], parent: PathNode): void {
    for (const [key, message] of messages.entries()) {
      if (isObject(message)) {
        this.readMessage(message, { parent, key });
      }
    }
  }

  readChoices(choices: readonly unknown[], parent: PathNode): void {
    for (const [key, choice] of choices.entries()) {
      if (isObject(choice)) {
        this.#readChoice(choice, { parent, key });
      }
    }
  }

  #readChoice(choice: Readonly<Record<string, unknown>>, parent: PathNode): void {
    for (const key in choice) {
      const value = choice[key];
      if (key === "message" && isObject(value)) {
        this.readMessage(value, { parent, key });
      } else if (!isBookkeeping(key)) {
        this.read(value, { parent, key }, originInChoice(key));
      }
    }
  }

  readMessage(message: Readonly<Record<string, unknown>>, parent: PathNode): void {
    const byRole = ORIGIN_BY_ROLE[String(message["role"] ?? "assistant")] ?? "user";
    for (const key in message) {
      this.read(message[key], { parent, key }, originOfField(key, byRole));
    }
  }

  read(value: unknown, node: PathNode, origin: TextOrigin): void {
    const fixed = (leaf: Leaf) => this.#slots.push(fixedSlot(leaf, origin));
    const add = (leaf: Leaf) => this.#add(leaf, origin);
    visitLeaves(value, { node, key: "" }, add, this.#readsFixed ? fixed : undefined);
  }

  #add(leaf: Leaf, origin: TextOrigin): void {
    const { node, text } = leaf;
    if (!leaf.isArguments || origin !== "tool_call") {
      const readable = isLikeJson(text) ? readEscapes(text) : text;
      this.#slots.push(new BodySlot(this.#draft, node, origin, readable));
      return;
    }
    const json = new JsonText(text, (written) => replaceText(this.#draft, node, written));
    this.#json.push(json);
    for (const slot of json.slots(() => renderPath(node))) {
      this.#slots.push(slot);
    }
  }
}

class BodySlot implements TextSlot {
  text: string;
  readonly origin: TextOrigin;
  readonly #draft: Draft;
  readonly #node: PathNode;

  constructor(draft: Draft, node: PathNode, origin: TextOrigin, text: string) {
    this.#draft = draft;
    this.#node = node;
    this.origin = origin;
    this.text = text;
  }

  get path(): string {
    return renderPath(this.#node);
  }

  replace(text: string): void {
    this.text = text;
    replaceText(this.#draft, this.#node, text);
  }
}

function fixedSlot({ node, text }: Leaf, origin: TextOrigin): TextSlot {
  return {
    origin,
    text,
    isFixed: true,
    get path() {
      return renderPath(node);
    },
    replace: () => {
      throw new Error("The text can be read and not changed.");
    },
  };
}

function holdsNumbers(input: unknown): boolean {
  const first: unknown = Array.isArray(input) ? input[0] : undefined;
  return typeof first === "number" || (Array.isArray(first) && typeof first[0] === "number");
}

/** `choices[0]`, for a node below it. */
function choiceAbove(node: PathNode): PathNode | null {
  for (let at: PathNode | null = node; at !== null; at = at.parent) {
    const list = at.parent;
    if (list !== null && list.parent === null && list.key === "choices") {
      return at;
    }
  }
  return null;
}
