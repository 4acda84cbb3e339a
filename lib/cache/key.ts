import { createHmac } from "node:crypto";
import type { Deployment } from "#lib/contract/snapshot.ts";
import { canonicalJson } from "./canonical.ts";
import { requireCache } from "./configure.ts";
import type { Question } from "./question.ts";

/** A request that takes more text than this is not looked up: making its key would stall others. */
const MAX_CHARS = 1024 * 1024;

/**
 * The keyed digest of JSON values: 32 bytes, the same for the same values in whatever order their
 * fields came. Without the key nobody can tell from a digest what was asked. `undefined` for values
 * of more than a mebibyte of text.
 */
export function digestOf(parts: readonly unknown[]): Buffer | undefined {
  const text = canonicalJson(parts, MAX_CHARS);
  return text === undefined
    ? undefined
    : createHmac("sha256", requireCache().digestKey).update(text).digest();
}

type QuestionParts = Omit<Question, "digest" | "control" | "caller" | "keepsText">;

/**
 * All that an exact answer depends on: who may share it, what was asked of which deployments, and
 * which rules it has gone through. Whether a stream tells its usage is decided when it is written,
 * so that alone is left out of the request.
 */
export function exactParts(question: QuestionParts): readonly unknown[] {
  return [
    "exact/1",
    question.scope.kind,
    question.scope.id,
    question.endpoint,
    question.modelAsked,
    question.alias,
    question.candidates,
    question.policyId,
    question.stream,
    withoutDelivery(question.body),
  ];
}

function withoutDelivery(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { stream: _stream, stream_options: options, ...rest } = body;
  if (typeof options !== "object" || options === null) {
    return rest;
  }
  const { include_usage: _usage, ...others } = options as Record<string, unknown>;
  return Object.keys(others).length === 0 ? rest : { ...rest, stream_options: others };
}

/** Snapshots are immutable, so that a deployment's id is made once for each of them. */
const candidateIds = new WeakMap<Deployment, string>();

/**
 * What the answers of a deployment depend on, in one text: where it is, what it serves and how it is
 * asked. Its weight, limits and price may change without any answer being another.
 */
export function candidateIdOf(deployment: Deployment): string {
  let id = candidateIds.get(deployment);
  if (id === undefined) {
    const { provider, modelName, apiBase, credentialId, settings } = deployment;
    const { allowDroppingUnsupportedFields } = deployment;
    id = JSON.stringify([
      deployment.id,
      provider,
      modelName,
      apiBase,
      credentialId,
      allowDroppingUnsupportedFields,
      Object.entries(settings).sort(),
    ]);
    candidateIds.set(deployment, id);
  }
  return id;
}
