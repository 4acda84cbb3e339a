import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { isSteppedUp } from "#lib/auth/session.ts";
import type { Action, FieldActions } from "#lib/catalog/roles.ts";
import type { ActionFailure, ActionResult } from "#lib/contract/action-result.ts";
import { fieldErrorsOf } from "#lib/contract/field-errors.ts";
import { orDatabaseAway } from "#lib/db/outage.ts";
import { isConduitError, toConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { getLog } from "#lib/log.ts";
import { assertConsoleNetwork } from "./console-networks.ts";
import { assertAllowed, assertFieldsAllowed } from "./permission.ts";
import { assertSameOrigin } from "./same-origin.ts";
import { assertStorable } from "./storable.ts";
import { getViewer, type Viewer } from "./viewer.ts";
import { type Visitor, visitorOf } from "./visitor.ts";

interface ActionDefinition<Input, Output> {
  /** The action of the permission table. Required, so that forgetting it does not compile. */
  can: Action;
  /** Fields of the input that need an action of their own. */
  fields?: FieldActions;
  input: z.ZodType<Input>;
  /**
   * Whether the person has to have proved who they are in the last ten minutes: always, or for some
   * inputs.
   */
  stepUp?: true | ((input: Input) => boolean);
  run: (call: { actor: Viewer; input: Input }) => Promise<Output>;
}

type ServerAction<Output> = (input: unknown) => Promise<ActionResult<Output>>;

/**
 * One server action: checks where the call came from, who makes it and whether they may, parses,
 * runs, and answers with a value whatever happens. Nothing is thrown to the browser but Next's own
 * redirects.
 */
export function defineAction<Input, Output>(
  definition: ActionDefinition<Input, Output>,
): ServerAction<Output> {
  const { can, fields, input: schema, stepUp, run } = definition;
  return async (input) =>
    await answer(async (requestId) => {
      assertSameOrigin(await headers());
      const viewer = await getViewer();
      if (viewer === undefined) {
        return refusal(requestId, "unauthenticated", "You are signed out. Sign in to go on.");
      }
      const actor = { ...viewer, requestId };
      assertAllowed(actor.principal, can);
      assertFieldsAllowed(actor.principal, fields, input);
      const parsed = parse(schema, input, requestId);
      if (!parsed.ok) {
        return parsed;
      }
      if (needsProof(stepUp, parsed.value) && !isSteppedUp(actor.principal)) {
        return refusal(requestId, "step_up_required", "Confirm that it is you to go on.");
      }
      return { ok: true, value: await run({ actor, input: parsed.value }) };
    });
}

function needsProof<Input>(
  stepUp: true | ((input: Input) => boolean) | undefined,
  input: Input,
): boolean {
  return typeof stepUp === "function" ? stepUp(input) : stepUp === true;
}

/**
 * A server action for people who are not signed in: the setup, invitations, links for a new
 * password. What proves the right to it is in the input, and `run` checks that first.
 */
export function definePublicAction<Input, Output>(definition: {
  input: z.ZodType<Input>;
  run: (call: { visitor: Visitor; input: Input }) => Promise<Output>;
}): ServerAction<Output> {
  return async (input) =>
    await answer(async (requestId) => {
      const asked = await headers();
      assertSameOrigin(asked);
      const visitor = visitorOf(asked, requestId);
      assertConsoleNetwork(visitor.ip);
      const parsed = parse(definition.input, input, requestId);
      if (!parsed.ok) {
        return parsed;
      }
      return { ok: true, value: await definition.run({ visitor, input: parsed.value }) };
    });
}

async function answer<Output>(
  work: (requestId: string) => Promise<ActionResult<Output>>,
): Promise<ActionResult<Output>> {
  const requestId = newId();
  try {
    return await work(requestId);
  } catch (error) {
    unstable_rethrow(error);
    return failureOf(orDatabaseAway(error), requestId);
  }
}

function parse<Input>(
  schema: z.ZodType<Input>,
  input: unknown,
  requestId: string,
): { ok: true; value: Input } | ActionFailure {
  assertStorable(input);
  const parsed = schema.safeParse(input);
  if (parsed.success) {
    return { ok: true, value: parsed.data };
  }
  const fieldErrors = fieldErrorsOf(parsed.error, input);
  const { "": formError = null, ...rest } = fieldErrors;
  return { ok: false, code: "invalid_value", formError, fieldErrors: rest, requestId };
}

function refusal(requestId: string, code: string, formError: string): ActionFailure {
  return { ok: false, code, formError, fieldErrors: {}, requestId };
}

/** Anything thrown. What was not foreseen is logged, and told to nobody but by its request id. */
function failureOf(thrown: unknown, requestId: string): ActionFailure {
  if (!isConduitError(thrown) || thrown.status >= 500) {
    getLog().error({ err: thrown, request_id: requestId }, "a server action failed");
  }
  const error = toConduitError(thrown);
  const { code, message, param, current } = error;
  return {
    ok: false,
    code,
    formError: isConduitError(thrown) ? message : unforeseen(requestId),
    fieldErrors: param === null ? {} : { [dotted(param)]: message },
    requestId,
    ...(current === undefined ? {} : { current }),
  };
}

function unforeseen(requestId: string): string {
  return `Conduit could not do this. The server's log has the reason under request id ${requestId}.`;
}

/** `members[0].weight` as `members.0.weight`. */
function dotted(param: string): string {
  return param.replace(/\[(\d+)\]/g, ".$1");
}
