import type { ContentPart } from "#lib/contract/chat.ts";
import type { Adjustments } from "#lib/providers/codec/adjust.ts";
import { parseDataUri } from "#lib/providers/codec/data-uri.ts";
import type { PlacedPart } from "#lib/providers/codec/turns.ts";

/** A part of a content, in Gemini's form. */
export type Part = Record<string, unknown>;

const AUDIO_TYPES: ReadonlyMap<string, string> = new Map([
  ["wav", "audio/wav"],
  ["mp3", "audio/mpeg"],
  ["mpeg", "audio/mpeg"],
  ["flac", "audio/flac"],
  ["ogg", "audio/ogg"],
  ["aac", "audio/aac"],
  ["aiff", "audio/aiff"],
]);

/** Types by the end of a URL's path; Gemini wants to be told what it will find there. */
const TYPE_OF_ENDING: ReadonlyMap<string, string> = new Map([
  ["png", "image/png"],
  ["jpg", "image/jpeg"],
  ["jpeg", "image/jpeg"],
  ["gif", "image/gif"],
  ["webp", "image/webp"],
  ["heic", "image/heic"],
  ["heif", "image/heif"],
  ["pdf", "application/pdf"],
]);

/** The parts for a list of content parts; empty texts are left out, because Gemini refuses them. */
export function partsFor(placed: readonly PlacedPart[], adjust: Adjustments): Part[] {
  return placed.flatMap(({ part, path }) => {
    if (part["cache_control"] !== undefined || part["prompt_cache_breakpoint"] !== undefined) {
      adjust.report("cache_control");
    }
    const written = partFor(part, path, adjust);
    return written === undefined ? [] : [written];
  });
}

function partFor(part: ContentPart, path: string, adjust: Adjustments): Part | undefined {
  switch (part.type) {
    case "text":
      return textPart(part.text, adjust);
    case "refusal":
      return textPart(part.refusal, adjust);
    case "image_url":
      return imagePart(part.image_url, path, adjust);
    case "input_audio":
      return audioPart(part.input_audio, path, adjust);
    case "file":
      return filePart(part.file, path, adjust);
    default:
      return part satisfies never;
  }
}

function textPart(text: string, adjust: Adjustments): Part | undefined {
  if (text === "") {
    adjust.report("messages");
    return undefined;
  }
  return { text };
}

function imagePart(
  image: { url: string; detail?: string | undefined },
  path: string,
  adjust: Adjustments,
): Part | undefined {
  if (image.detail !== undefined && image.detail !== "auto") {
    adjust.report("image_url.detail");
  }
  const written = inlinePart(image.url) ?? linkedPart(image.url);
  if (written === undefined) {
    adjust.refuse(
      path,
      "Gemini's models read images from data, https and gs URLs.",
      "unsupported_content",
    );
  }
  return written;
}

function audioPart(
  audio: { data: string; format: string },
  path: string,
  adjust: Adjustments,
): Part | undefined {
  const mimeType = AUDIO_TYPES.get(audio.format.toLowerCase());
  if (mimeType === undefined) {
    adjust.refuse(
      path,
      `Gemini's models read no audio of the format '${audio.format}'.`,
      "unsupported_content",
    );
    return undefined;
  }
  return { inlineData: { mimeType, data: audio.data } };
}

function filePart(
  file: { file_data?: string | undefined; file_id?: string | undefined },
  path: string,
  adjust: Adjustments,
): Part | undefined {
  const written =
    file.file_data === undefined ? linkedPart(file.file_id ?? "") : inlinePart(file.file_data);
  if (written === undefined) {
    adjust.refuse(
      path,
      "Gemini's models read files as data URLs, and by the URI of Google's file service.",
      "unsupported_content",
    );
  }
  return written;
}

function inlinePart(url: string): Part | undefined {
  const inline = parseDataUri(url);
  return inline === undefined
    ? undefined
    : { inlineData: { mimeType: inline.mediaType, data: inline.base64 } };
}

function linkedPart(url: string): Part | undefined {
  if (!/^(?:https|gs):\/\//.test(url) || !URL.canParse(url)) {
    return undefined;
  }
  const ending = new URL(url).pathname.split(".").at(-1)?.toLowerCase() ?? "";
  const mimeType = TYPE_OF_ENDING.get(ending);
  // A file of Google's own service knows its type; of any other address a picture is expected.
  const type = mimeType ?? (isGoogleFile(url) ? undefined : "image/jpeg");
  return { fileData: { ...(type === undefined ? {} : { mimeType: type }), fileUri: url } };
}

function isGoogleFile(url: string): boolean {
  return url.startsWith("https://generativelanguage.googleapis.com/") || url.startsWith("gs://");
}
