import type { Wire } from "#lib/providers/wire.ts";
import { decodeChat } from "./decode.ts";
import { encodeChat } from "./encode.ts";
import { decodeError } from "./errors.ts";
import { decodeChatStream } from "./stream.ts";

/** Anthropic's Messages API. It serves no embeddings. */
export const anthropic: Wire = {
  chat: { encode: encodeChat, decode: decodeChat, decodeStream: decodeChatStream },
  decodeError,
  carriesState: true,
};
