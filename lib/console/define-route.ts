import type { z } from "zod";
import { authenticateAdmin } from "#lib/auth/admin.ts";
import type { Action, FieldActions } from "#lib/catalog/roles.ts";
import { errorOfIssues } from "#lib/contract/issues.ts";
import { ConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import type { Actor } from "./actor.ts";
import { readJson } from "./body.ts";
import { assertAllowed, assertFieldsAllowed } from "./permission.ts";
import { replyError, replyJson } from "./reply.ts";
import { assertStorable } from "./storable.ts";
import { clientIpOf } from "./visitor.ts";

/** What Next hands to a route handler beside the request. */
export interface RouteProps {
  params: Promise<Record<string, string | string[] | undefined>>;
}

export type RouteHandler = (request: Request, props: RouteProps) => Promise<Response>;

interface RouteDefinition<Params, Query, Input> {
  /** The action that the principal needs. Required, so that forgetting it does not compile. */
  can: Action;
  /** Fields of the body that need an action of their own. */
  fields?: FieldActions;
  params?: z.ZodType<Params>;
  query?: z.ZodType<Query>;
  input?: z.ZodType<Input>;
  /** The status of a success; one without a value is 204 all the same. */
  status?: 200 | 201;
  run: (call: { actor: Actor; params: Params; query: Query; input: Input }) => Promise<unknown>;
}

/**
 * One admin route: authenticates, checks the permission, parses, runs, and turns whatever is
 * thrown into OpenAI's error shape. `run` gets parsed values alone and knows nothing of HTTP.
 */
export function defineRoute<Params = undefined, Query = undefined, Input = undefined>(
  definition: RouteDefinition<Params, Query, Input>,
): RouteHandler {
  return async (request, props) => {
    const requestId = newId();
    try {
      const principal = await authenticateAdmin(credentialsOf(request));
      assertAllowed(principal, definition.can);
      const params = await parseParams(definition.params, props);
      const query = parse(definition.query, queryOf(request));
      const body = definition.input === undefined ? undefined : await readJson(request);
      const input = parse(definition.input, body);
      assertFieldsAllowed(principal, definition.fields, body);
      const actor = { principal, requestId, ip: clientIpOf(request.headers) };
      const result = await definition.run({ actor, params, query, input });
      return replyJson(result, { requestId, status: definition.status ?? 200 });
    } catch (error) {
      return replyError(error, requestId);
    }
  };
}

function credentialsOf({ headers }: Request): {
  authorization: string | undefined;
  apiKey: string | undefined;
} {
  return {
    authorization: headers.get("authorization") ?? undefined,
    apiKey: headers.get("x-api-key") ?? undefined,
  };
}

/** Without a schema there is nothing to read, and `T` is its default, `undefined`. */
export function parse<T>(schema: z.ZodType<T> | undefined, raw: unknown): T {
  if (schema === undefined) {
    return undefined as T;
  }
  assertStorable(raw);
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    throw errorOfIssues(parsed.error, raw);
  }
  return parsed.data;
}

/** A path that cannot name anything (an id that is no UUID) names nothing: 404, not 400. */
export async function parseParams<T>(
  schema: z.ZodType<T> | undefined,
  props: RouteProps,
): Promise<T> {
  if (schema === undefined) {
    return undefined as T;
  }
  try {
    return parse(schema, await props.params);
  } catch (cause) {
    throw new ConduitError("not_found", { message: "There is nothing at this address.", cause });
  }
}

/** Query parameters by name; one that is given several times is a list. */
export function queryOf(request: Request): Record<string, string | string[]> {
  const search = new URL(request.url).searchParams;
  return Object.fromEntries(
    [...new Set(search.keys())].map((name) => {
      const values = search.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}
