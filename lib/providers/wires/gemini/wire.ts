import type { Wire } from "#lib/providers/wire.ts";
import { decodeChat } from "./decode.ts";
import { decodeEmbeddings, encodeEmbeddings } from "./embeddings.ts";
import { encodeChat } from "./encode.ts";
import { decodeError } from "./errors.ts";
import { geminiModel } from "./models.ts";
import { decodeChatStream } from "./stream.ts";

/** Google's Gemini API. */
export const gemini: Wire = {
  chat: { encode: encodeChat, decode: decodeChat, decodeStream: decodeChatStream },
  embeddings: { encode: encodeEmbeddings, decode: decodeEmbeddings },
  decodeError,
  readsRemoteImages: (modelName) => geminiModel(modelName).readsUrls,
  carriesState: true,
};
