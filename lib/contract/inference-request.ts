import type { ChatRequest } from "./chat.ts";
import type { EmbeddingsRequest } from "./embeddings.ts";
import type { ModerationsRequest } from "./moderations.ts";

/** A checked request to any of the inference endpoints; the endpoint's name says which. */
export type InferenceRequest = ChatRequest | EmbeddingsRequest | ModerationsRequest;
