/** What a `data:` URI holds. */
export interface InlineData {
  /** In lower case and without parameters, as `image/png`. */
  mediaType: string;
  /** The content in base64, also when the URI wrote it percent-encoded. */
  base64: string;
}

const DEFAULT_MEDIA_TYPE = "text/plain";

/** The parts of a `data:` URI (RFC 2397), or `undefined` for any other text. */
export function parseDataUri(uri: string): InlineData | undefined {
  if (uri.slice(0, 5).toLowerCase() !== "data:") {
    return undefined;
  }
  const comma = uri.indexOf(",");
  if (comma < 0) {
    return undefined;
  }
  const [type = "", ...parameters] = uri.slice(5, comma).split(";");
  const mediaType = type.trim().toLowerCase() || DEFAULT_MEDIA_TYPE;
  const content = uri.slice(comma + 1);
  if (parameters.some((parameter) => parameter.trim().toLowerCase() === "base64")) {
    return { mediaType, base64: content };
  }
  const bytes = percentDecode(content);
  return bytes === undefined ? undefined : { mediaType, base64: bytes.toString("base64") };
}

function percentDecode(text: string): Buffer | undefined {
  try {
    return Buffer.from(decodeURIComponent(text), "utf8");
  } catch {
    // A stray percent sign: the URI is broken, and the caller refuses the part by name.
    return undefined;
  }
}

export function dataUri({ mediaType, base64 }: InlineData): string {
  return `data:${mediaType};base64,${base64}`;
}
