import { decodeChatAnswer } from "#lib/providers/codec/chat-answer.ts";
import { decodeChatStream } from "#lib/providers/codec/chat-stream.ts";
import { decodeEmbeddingsAnswer } from "#lib/providers/codec/embeddings-answer.ts";
import { errorOfReply } from "#lib/providers/codec/error-reply.ts";
import { decodeModerationsAnswer } from "#lib/providers/codec/moderations-answer.ts";
import type { Wire } from "#lib/providers/wire.ts";
import { encodeChat } from "./encode-chat.ts";
import { encodeEmbeddings } from "./encode-embeddings.ts";
import { encodeModerations } from "./encode-moderations.ts";

/**
 * Mistral's format (Mistral AI's API reference): answers like OpenAI's, requests that are refused
 * for a single field too many, so these are written field by field.
 */
export const mistral: Wire = {
  chat: { encode: encodeChat, decode: decodeChatAnswer, decodeStream: decodeChatStream },
  embeddings: { encode: encodeEmbeddings, decode: decodeEmbeddingsAnswer },
  moderations: { encode: encodeModerations, decode: decodeModerationsAnswer },
  decodeError: errorOfReply,
};
