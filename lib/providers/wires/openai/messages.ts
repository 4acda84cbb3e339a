import type { Quirks } from "#lib/catalog/providers.ts";
import type { ChatMessage, ContentPart } from "#lib/contract/chat.ts";
import { isGiven } from "#lib/providers/codec/adjust.ts";
import { parseDataUri } from "#lib/providers/codec/data-uri.ts";
import type { Encoding } from "./encode-chat.ts";

/** The quirks that this step acts on; a row without any of them skips it. */
const ACTING = [
  "roleAlias",
  "dropMessageFields",
  "renameMessageFields",
  "dropCacheControl",
  "inlineImages",
  "parts",
] as const satisfies readonly (keyof Quirks)[];

/** Applies the row's rules to the messages, copying only those that change. */
export function settleMessages(encoding: Encoding): void {
  const { body, quirks } = encoding;
  if (ACTING.every((name) => quirks[name] === undefined)) {
    return;
  }
  let settled: ChatMessage[] | undefined;
  for (const [at, message] of body.messages.entries()) {
    const next = settleMessage(encoding, message, at);
    if (next !== message) {
      settled ??= [...body.messages];
      settled[at] = next;
    }
  }
  body.messages = settled ?? body.messages;
}

function settleMessage(encoding: Encoding, message: ChatMessage, at: number): ChatMessage {
  let next = settleRole(encoding, message);
  next = settleMessageFields(encoding, next);
  if (!Array.isArray(next.content)) {
    return next;
  }
  const content = settleParts(encoding, next.content, at);
  // The role decides which parts are legal, and leaving parts out or trimming them keeps that.
  return content === next.content ? next : ({ ...next, content } as ChatMessage);
}

function settleRole({ quirks, adjust }: Encoding, message: ChatMessage): ChatMessage {
  const role = quirks.roleAlias?.[message.role];
  if (role === undefined) {
    return message;
  }
  adjust.report("messages.role");
  // Rows name roles as text; the shapes of the roles that they exchange are the same.
  return { ...message, role } as ChatMessage;
}

function settleMessageFields(encoding: Encoding, message: ChatMessage): ChatMessage {
  const { quirks } = encoding;
  let next: Record<string, unknown> = message;
  for (const name of quirks.dropMessageFields ?? []) {
    next = withoutField(encoding, next, name);
  }
  for (const [name, known] of Object.entries(quirks.renameMessageFields ?? {})) {
    if (isGiven(next[name])) {
      const { [name]: value, ...rest } = next;
      next = { [known]: value, ...rest };
      encoding.adjust.report(`messages.${name}`);
    }
  }
  if (quirks.dropCacheControl === true) {
    next = withoutCacheControl(encoding, next);
  }
  return next as ChatMessage;
}

function withoutField(
  { adjust }: Encoding,
  message: Record<string, unknown>,
  name: string,
): Record<string, unknown> {
  // A `function` message is nothing without its name.
  if (!(name in message) || message["role"] === "function") {
    return message;
  }
  const { [name]: value, ...rest } = message;
  if (isGiven(value)) {
    adjust.report(`messages.${name}`);
  }
  return rest;
}

/** The extension `cache_control` is a pure optimisation, but an unknown field to strict servers. */
export function withoutCacheControl<Holder extends object>(
  { adjust }: Encoding,
  holder: Holder,
): Holder {
  if (!("cache_control" in holder)) {
    return holder;
  }
  const { cache_control: _, ...rest } = holder;
  adjust.report("cache_control");
  return rest as Holder;
}

function settleParts(
  encoding: Encoding,
  parts: readonly ContentPart[],
  at: number,
): readonly ContentPart[] | string {
  let changed = false;
  const kept: ContentPart[] = [];
  for (const [place, part] of parts.entries()) {
    const refusal = refusalOf(encoding, part);
    if (refusal === undefined) {
      const next =
        encoding.quirks.dropCacheControl === true ? withoutCacheControl(encoding, part) : part;
      changed ||= next !== part;
      kept.push(next);
    } else {
      encoding.adjust.refuse(`messages[${at}].content[${place}]`, refusal, "unsupported_content");
      changed = true;
    }
  }
  if (!changed) {
    return parts;
  }
  return kept.length === 0 ? "" : kept;
}

function refusalOf({ quirks, label }: Encoding, part: ContentPart): string | undefined {
  const isText = part.type === "text" || part.type === "refusal";
  if (!isText && quirks.parts?.includes(part.type) === false) {
    return `${label} cannot read content parts of the type '${part.type}'.`;
  }
  if (
    quirks.inlineImages === true &&
    part.type === "image_url" &&
    parseDataUri(part.image_url.url) === undefined
  ) {
    return `${label} reads images only as data URIs.`;
  }
  return undefined;
}
