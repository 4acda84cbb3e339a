/** Fields that usually hold bytes in base64, or a data URL. */
const FIELDS = new Set([
  "data",
  "file_data",
  "b64_json",
  "embedding",
  "url",
  "image",
  "images",
  "image_url",
  "audio_url",
  "video_url",
  "document_url",
]);
const HEAD = /^data:[\w.+/;=-]*;base64,$/i;
const LONGEST_HEAD = 256;
const PAYLOAD = /^[\w+/=\r\n-]*$/;
/** Shorter base64 could as well be a card's number or a password. */
const SHORTEST_BARE = 256;
/** How much is looked at to tell text from a picture, in base64; a multiple of four. */
const SAMPLE = 4096;

/**
 * The base64 of a picture, a sound or a document: what a whole data URL carries, or a long run of it
 * in a field that is known for bytes. `null` for a text, also for one that only begins like bytes.
 */
export function readBytes(text: string, field: string): string | null {
  if (!FIELDS.has(field)) {
    return null;
  }
  if (!/^data:/i.test(text)) {
    return text.length >= SHORTEST_BARE && PAYLOAD.test(text) ? text : null;
  }
  const from = text.slice(0, LONGEST_HEAD).indexOf(",") + 1;
  const payload = text.slice(from);
  return HEAD.test(text.slice(0, from)) && PAYLOAD.test(payload) ? payload : null;
}

/**
 * What bytes say when they are a text, whatever type was claimed for them: UTF-8, or UTF-16 with its
 * mark. `null` for pictures, sound, archives and PDF.
 */
export function textOfBytes(base64: string): string | null {
  const sample = Buffer.from(base64.slice(0, SAMPLE), "base64");
  const [first, second] = sample;
  if (first === 0xff && second === 0xfe) {
    return new TextDecoder("utf-16le").decode(Buffer.from(base64, "base64"));
  }
  if (first === 0xfe && second === 0xff) {
    return new TextDecoder("utf-16be").decode(Buffer.from(base64, "base64"));
  }
  const isText = !sample.some(isControl) && !sample.toString("latin1").startsWith("%PDF-");
  return isText ? Buffer.from(base64, "base64").toString("utf8") : null;
}

/** What no text has: control characters other than white space and the escape of colours. */
function isControl(byte: number): boolean {
  return byte < 9 || (byte > 13 && byte < 32 && byte !== 27);
}
