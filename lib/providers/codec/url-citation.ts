/** A source on the web, as OpenAI's answers name one. */
export interface UrlCitation {
  type: "url_citation";
  /** What Python's accumulator tells entries of a stream apart by; whole answers do without. */
  index?: number;
  url_citation: { start_index: number; end_index: number; title: string; url: string };
}

/** A source for a stretch of the answer's text. */
export function urlCitation(
  source: { url: string; title: unknown },
  span: { start: number; end: number },
): UrlCitation {
  return {
    type: "url_citation",
    url_citation: {
      start_index: span.start,
      end_index: span.end,
      title: typeof source.title === "string" ? source.title : "",
      url: source.url,
    },
  };
}

/** Citations for a stream that has written `from` of them before. */
export function numberCitations(citations: readonly UrlCitation[], from: number): UrlCitation[] {
  return citations.map((citation, at) => ({ ...citation, index: from + at }));
}
