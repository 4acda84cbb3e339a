import type { ChunkIdentity } from "./chunks.ts";

export const CHUNK_OBJECT = "chat.completion.chunk";

/** Keeps `id`, `created` and `model` of a stream what they were in its first chunk. */
export class IdentityKeeper {
  readonly #fallback: ChunkIdentity;
  #first: ChunkIdentity | undefined;

  constructor(fallback: ChunkIdentity) {
    this.#fallback = fallback;
  }

  get identity(): ChunkIdentity {
    return this.#first ?? this.#fallback;
  }

  /** Corrects a chunk in place; returns whether that changed it. */
  settle(chunk: Record<string, unknown>): boolean {
    this.#first ??= readIdentity(chunk, this.#fallback);
    const { id, created, model } = this.#first;
    if (
      chunk["id"] === id &&
      chunk["created"] === created &&
      chunk["model"] === model &&
      chunk["object"] === CHUNK_OBJECT
    ) {
      return false;
    }
    Object.assign(chunk, this.#first, { object: CHUNK_OBJECT });
    return true;
  }
}

/** What an answer says of itself, filled up where it says nothing or nothing usable. */
export function readIdentity(
  answer: Record<string, unknown>,
  fallback: ChunkIdentity,
): ChunkIdentity {
  const { id, created, model } = answer;
  return {
    id: typeof id === "string" && id !== "" ? id : fallback.id,
    created: typeof created === "number" && created > 0 ? created : fallback.created,
    model: typeof model === "string" && model !== "" ? model : fallback.model,
  };
}

/** The identity of an answer whose upstream gives none. */
export function fallbackIdentity(context: {
  requestId: string;
  created: number;
  deployment: { modelName: string };
}): ChunkIdentity {
  return {
    id: `chatcmpl-${context.requestId}`,
    created: context.created,
    model: context.deployment.modelName,
  };
}
