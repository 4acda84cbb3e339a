import { tokenCountOf, toldUsage, type Usage } from "#lib/contract/usage.ts";
import { isRecord } from "#lib/providers/codec/tool-arguments.ts";

/**
 * `usageMetadata` in the normal form; `undefined` when there is none or it
 * tells nothing. Gemini counts cached tokens
 * and audio inside `promptTokenCount`, and thoughts beside `candidatesTokenCount`; unset counters
 * are zero.
 */
export function readUsage(metadata: unknown): Usage | undefined {
  if (!isRecord(metadata)) {
    return undefined;
  }
  const prompt = tokenCountOf(
    tokenCountOf(metadata["promptTokenCount"]) + tokenCountOf(metadata["toolUsePromptTokenCount"]),
  );
  const cacheRead = Math.min(tokenCountOf(metadata["cachedContentTokenCount"]), prompt);
  const audioAsked = audioIn(metadata["promptTokensDetails"]);
  const audioCached = Math.min(audioIn(metadata["cacheTokensDetails"]), audioAsked);
  const audio = Math.min(audioAsked - audioCached, prompt - cacheRead);
  const reasoning = tokenCountOf(metadata["thoughtsTokenCount"]);
  const output = tokenCountOf(tokenCountOf(metadata["candidatesTokenCount"]) + reasoning);
  const audioOut = Math.min(audioIn(metadata["candidatesTokensDetails"]), output - reasoning);
  return toldUsage({
    input: prompt - cacheRead - audio,
    cacheRead,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    output: output - audioOut,
    reasoning,
    audioIn: audio,
    audioOut,
  });
}

/** The tokens of the modality audio in a list of counts by modality. */
function audioIn(details: unknown): number {
  const list: unknown[] = Array.isArray(details) ? details : [];
  return list
    .filter((entry) => isRecord(entry) && entry["modality"] === "AUDIO")
    .reduce<number>(
      (sum, entry) => sum + tokenCountOf(isRecord(entry) ? entry["tokenCount"] : 0),
      0,
    );
}
