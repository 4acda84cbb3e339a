import { currentSnapshot } from "#lib/db/snapshot.ts";
import { ConduitError } from "#lib/errors.ts";
import { type ListedModel, listModels } from "#lib/routing/models.ts";
import type { Exchange, Reply } from "../exchange.ts";
import { callerOf } from "../identify.ts";
import { requireRuntime } from "../runtime.ts";

/** `GET /v1/models` and `GET /v1/models/{id}`: what the calling key may ask for, and nothing else. */
export async function answerModels(exchange: Exchange, id: string | undefined): Promise<Reply> {
  requireRuntime();
  const caller = await callerOf(exchange);
  const snapshot = currentSnapshot();
  const created = Math.floor(snapshot.loadedAtMs / 1000);
  const models = listModels({ snapshot, allowedModels: caller.allowedModels });
  if (id === undefined) {
    return reply(exchange, { object: "list", data: models.map((each) => shown(each, created)) });
  }
  const name = decode(id);
  const model = models.find((each) => each.name === name);
  if (model === undefined) {
    throw new ConduitError("model_not_found", {
      message: `The model "${name.slice(0, 128)}" does not exist or this key may not use it.`,
      param: "model",
    });
  }
  return reply(exchange, shown(model, created));
}

function shown(model: ListedModel, created: number): Record<string, unknown> {
  return { id: model.name, object: "model", created, owned_by: model.provider ?? "conduit" };
}

function decode(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    // A stray percent sign is part of a name that does not exist.
    return id;
  }
}

function reply(exchange: Exchange, body: unknown): Reply {
  return {
    status: 200,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      "x-request-id": exchange.id,
      "x-conduit-request-id": exchange.id,
    },
    body: JSON.stringify(body),
  };
}
