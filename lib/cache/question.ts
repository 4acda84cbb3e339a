import type { EndpointName } from "#lib/contract/answer.ts";
import type { CacheScope } from "#lib/contract/caller.ts";
import type { CacheControl } from "./control.ts";
import type { StoredContent } from "./stored-answer.ts";

/** A request as the caches see it: everything that its answer depends on, and who may share it. */
export interface Question {
  scope: CacheScope;
  caller: { keyId: string; userId: string; teamId: string | null };
  endpoint: EndpointName;
  modelAsked: string;
  alias: string | null;
  /** What is known of each deployment that could answer, in one order: `candidateIdOf`. */
  candidates: readonly string[];
  /** The request after its screening. Never changed by the caches. */
  body: Readonly<Record<string, unknown>>;
  stream: boolean;
  /** Names the guardrail rules that hold for the request, with their versions. */
  policyId: string;
  control: CacheControl;
  /** Whether the beginning of the question may stand, sealed, beside its entry. */
  keepsText: boolean;
  /** The exact digest of the question; `digestOf` of `exactParts`. 32 bytes. */
  digest: Buffer;
}

/** What the caches need from the rest of the gateway. */
export interface CachePowers {
  /** The request that is served. */
  requestId: string;
  /** The text's vector, by the embedding model of the settings; rejects when there is none to be had. */
  embed(text: string): Promise<readonly number[]>;
  /** A fresh, whole answer to the same request; rejects when there is none to be had. */
  askAnew(): Promise<StoredContent>;
}

/** The last thing that was said, as text; what an embedding is asked for. Empty where there is none. */
export function textOf({ body }: Pick<Question, "body">): string {
  const { messages, input } = body;
  const last = Array.isArray(messages) ? messages.at(-1) : input;
  return flatten(
    typeof last === "object" && last !== null && "content" in last ? last.content : last,
  );
}

/** A text, or the texts of a list and of its parts. */
function flatten(content: unknown): string {
  if (typeof content === "string") {
    return content;
  }
  if (Array.isArray(content)) {
    return content.map(flatten).join("\n");
  }
  const isPart = typeof content === "object" && content !== null && "text" in content;
  return isPart && typeof content.text === "string" ? content.text : "";
}
