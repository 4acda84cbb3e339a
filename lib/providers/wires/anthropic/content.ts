import type { ContentPart } from "#lib/contract/chat.ts";
import type { Adjustments } from "#lib/providers/codec/adjust.ts";
import { type InlineData, parseDataUri } from "#lib/providers/codec/data-uri.ts";
import type { PlacedPart } from "#lib/providers/codec/turns.ts";

/** A content block of a message, in Anthropic's form. */
export type Block = Record<string, unknown>;

const IMAGE_TYPES: ReadonlySet<string> = new Set([
  "image/jpeg",
  "image/png",
  "image/gif",
  "image/webp",
]);

/** The blocks for a list of parts; empty texts are left out, because Anthropic refuses them. */
export function blocksOf(parts: readonly PlacedPart[], adjust: Adjustments): Block[] {
  return parts.flatMap(({ part, path }) => {
    const block = blockOf(part, path, adjust);
    return block === undefined ? [] : [{ ...block, ...cacheMarker(part, adjust) }];
  });
}

function blockOf(part: ContentPart, path: string, adjust: Adjustments): Block | undefined {
  switch (part.type) {
    case "text":
      return textBlock(part.text, adjust);
    case "refusal":
      return textBlock(part.refusal, adjust);
    case "image_url":
      return imageBlock(part.image_url, path, adjust);
    case "file":
      return fileBlock(part.file, path, adjust);
    case "input_audio":
      adjust.refuse(path, "Anthropic's models read no audio.", "unsupported_content");
      return undefined;
    default:
      return part satisfies never;
  }
}

function textBlock(text: string, adjust: Adjustments): Block | undefined {
  if (text.trim() === "") {
    adjust.report("messages");
    return undefined;
  }
  return { type: "text", text };
}

/**
 * `cache_control` as the caller wrote it, or in the place of OpenAI's own marker. It may stand on a
 * part, a tool call, a tool or a whole message.
 */
export function cacheMarker(owner: Record<string, unknown>, adjust: Adjustments): Block {
  const marker = owner["cache_control"];
  if (marker !== undefined && marker !== null) {
    return { cache_control: marker };
  }
  if (owner["prompt_cache_breakpoint"] !== undefined) {
    adjust.report("prompt_cache_breakpoint");
    return { cache_control: { type: "ephemeral" } };
  }
  return {};
}

function imageBlock(
  image: { url: string; detail?: string | undefined },
  path: string,
  adjust: Adjustments,
): Block | undefined {
  if (image.detail !== undefined && image.detail !== "auto") {
    adjust.report("image_url.detail");
  }
  const inline = parseDataUri(image.url);
  if (inline !== undefined && IMAGE_TYPES.has(inline.mediaType)) {
    return { type: "image", source: base64Source(inline) };
  }
  if (image.url.startsWith("https://")) {
    return { type: "image", source: { type: "url", url: image.url } };
  }
  const what = inline === undefined ? "this URL; it takes https and data URLs" : inline.mediaType;
  adjust.refuse(path, `Anthropic's models cannot read ${what}.`, "unsupported_content");
  return undefined;
}

function fileBlock(
  file: {
    file_data?: string | undefined;
    file_id?: string | undefined;
    filename?: string | undefined;
  },
  path: string,
  adjust: Adjustments,
): Block | undefined {
  const inline = file.file_data === undefined ? undefined : parseDataUri(file.file_data);
  const block = inline === undefined ? undefined : documentBlock(inline);
  if (block === undefined) {
    adjust.refuse(
      path,
      "Anthropic's models read files as data URLs of a PDF, a text or an image.",
      "unsupported_content",
    );
    return undefined;
  }
  return file.filename === undefined || block["type"] === "image"
    ? block
    : { ...block, title: file.filename };
}

function documentBlock(inline: InlineData): Block | undefined {
  if (inline.mediaType === "application/pdf") {
    return { type: "document", source: base64Source(inline) };
  }
  if (inline.mediaType.startsWith("text/")) {
    const data = Buffer.from(inline.base64, "base64").toString("utf8");
    return { type: "document", source: { type: "text", media_type: "text/plain", data } };
  }
  return IMAGE_TYPES.has(inline.mediaType)
    ? { type: "image", source: base64Source(inline) }
    : undefined;
}

function base64Source({ mediaType, base64 }: InlineData): Block {
  return { type: "base64", media_type: mediaType, data: base64 };
}
