/**
 * What a server action answers. It never throws to the browser: a refusal is a value, with the
 * sentence for the form, the sentences for its fields (by dotted path), and the request id that
 * names it in the log. `current` is what is stored now, when somebody else was faster.
 */
export type ActionResult<T> =
  | { ok: true; value: T }
  | {
      ok: false;
      /** An `ErrorCode`, `unauthenticated`, or `step_up_required`. */
      code: string;
      formError: string | null;
      fieldErrors: Readonly<Record<string, string>>;
      requestId: string;
      current?: unknown;
    };

export type ActionFailure = Extract<ActionResult<unknown>, { ok: false }>;
