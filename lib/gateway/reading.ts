import { OWN_TAGS } from "#lib/contract/api-key.ts";
import { ConduitError } from "#lib/errors.ts";
import { parseBody, readBody } from "./body.ts";
import { openCapture } from "./payload.ts";
import { fillPrompt } from "./prompting.ts";
import type { Story } from "./story.ts";

const MAX_TAGS = 32;
const MAX_TAG_LENGTH = 128;

/** Reads and checks the request's body and the headers that go into its log row. */
export async function readRequest(story: Story): Promise<void> {
  const { exchange, endpoint } = story;
  const bytes = await readBody(exchange);
  story.payload = openCapture(story, bytes);
  const asked = parseBody(bytes);
  story.modelAsked = modelIn(asked);
  const body = fillPrompt(story, asked);
  story.modelAsked = modelIn(body);
  if (story.payload !== null && body !== asked) {
    // What is kept is what the model was asked, and not what it was made from.
    story.payload = openCapture(story, Buffer.from(JSON.stringify(body)));
  }
  story.tags = { ...story.caller?.tags, ...readTags(exchange.header("x-conduit-tags")) };
  story.request = endpoint.parse(body);
  // An endpoint may know a model for requests that name none.
  story.modelAsked = modelIn(story.request);
  story.stream = endpoint.isStream(story.request);
}

function modelIn({ model }: { model?: unknown }): string {
  return typeof model === "string" ? model.slice(0, 256) : "";
}

/** `x-conduit-tags: k=v,k=v`. Throws `invalid_value` for anything else. */
function readTags(header: string | undefined): Record<string, string> {
  if (header === undefined || header.trim() === "") {
    return {};
  }
  const pairs = header.split(",").map((pair) => {
    const at = pair.indexOf("=");
    if (at === -1) {
      throw badTags("each tag is name=value.");
    }
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const;
  });
  for (const [name, value] of pairs) {
    if (name === "" || name.length > MAX_TAG_LENGTH || value.length > MAX_TAG_LENGTH) {
      throw badTags(`each tag is name=value, of at most ${MAX_TAG_LENGTH} characters each.`);
    }
    if (name.startsWith(OWN_TAGS)) {
      throw badTags(`names that begin with "${OWN_TAGS}" are the gateway's own.`);
    }
  }
  if (pairs.length > MAX_TAGS) {
    throw badTags(`at most ${MAX_TAGS} tags are kept.`);
  }
  return Object.fromEntries(pairs);
}

function badTags(rule: string): ConduitError {
  return new ConduitError("invalid_value", {
    message: `'x-conduit-tags' is not valid: ${rule}`,
    param: "x-conduit-tags",
  });
}
