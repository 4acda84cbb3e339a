import { isRecord } from "#lib/providers/codec/tool-arguments.ts";
import { type UrlCitation, urlCitation } from "#lib/providers/codec/url-citation.ts";

/**
 * The web sources that a text block names. Anthropic cites for a whole block, so `span` is that of
 * the block's text in the answer.
 */
export function citationsOf(
  citations: unknown,
  span: { start: number; end: number },
): UrlCitation[] {
  const list: unknown[] = Array.isArray(citations) ? citations : [];
  return list.flatMap((citation) => {
    if (!isRecord(citation) || citation["type"] !== "web_search_result_location") {
      return [];
    }
    const { url, title } = citation;
    return typeof url === "string" ? [urlCitation({ url, title }, span)] : [];
  });
}
