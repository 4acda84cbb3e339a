"use client";

import { unstable_isUnrecognizedActionError as wasReplaced } from "next/navigation";
import { useState, useTransition } from "react";
import type { ActionFailure, ActionResult } from "#lib/contract/action-result.ts";
import { useSessionGuard } from "./session-guard.tsx";

/** What was wrong with the last submit. */
export interface Refusal {
  /** By the input's field name, dotted when nested. */
  errors: Readonly<Record<string, string | undefined>>;
  formError: string | null;
  /** Names the refusal in the server's log. */
  requestId: string | null;
}

interface SubmissionState extends Refusal {
  failures: number;
  isOutdated: boolean;
  /** The row as it is stored now, when the edit was stale. */
  current: object | undefined;
}

interface Submission {
  state: SubmissionState & { isPending: boolean };
  /** `check` may find problems by field first; then the server is not asked. */
  send: (input: unknown, check?: () => Promise<Refusal["errors"]>) => void;
  clear: () => void;
}

const FRESH: SubmissionState = {
  errors: {},
  formError: null,
  requestId: null,
  failures: 0,
  isOutdated: false,
  current: undefined,
};
const UNREACHABLE = "Conduit cannot be reached. Check the connection and try again.";
const CHECK_FIELDS = "Some fields need another look.";

/** Calls a server action and holds what it refused; `useActionForm` is what forms use. */
export function useSubmission<Output>(
  action: (input: unknown) => Promise<ActionResult<Output>>,
  ending: { onDone: (value: Output) => void; onOutdated: () => void },
): Submission {
  const [state, setState] = useState(FRESH);
  const [isPending, startTransition] = useTransition();
  const guard = useSessionGuard();

  const refuse = (refusal: Partial<SubmissionState>) =>
    setState((before) => ({ ...FRESH, ...refusal, failures: before.failures + 1 }));

  async function call(input: unknown, check?: () => Promise<Refusal["errors"]>) {
    const { "": formError = CHECK_FIELDS, ...errors } = (await check?.()) ?? {};
    if (formError !== CHECK_FIELDS || Object.keys(errors).length > 0) {
      refuse({ errors, formError });
      return;
    }
    try {
      const result = await guard.run(() => action(input));
      if (result.ok) {
        setState(FRESH);
        ending.onDone(result.value);
      } else {
        refuse(refusalOf(result));
      }
    } catch (error) {
      if (wasReplaced(error)) {
        ending.onOutdated();
        refuse({ isOutdated: true });
      } else {
        refuse({ formError: UNREACHABLE });
      }
    }
  }

  return {
    state: { ...state, isPending },
    send: (input, check) => {
      if (!isPending) {
        startTransition(() => call(input, check));
      }
    },
    clear: () => setState(FRESH),
  };
}

function refusalOf(result: ActionFailure): Partial<SubmissionState> {
  const hasFields = Object.keys(result.fieldErrors).length > 0;
  return {
    errors: result.fieldErrors,
    formError: result.formError ?? (hasFields ? CHECK_FIELDS : null),
    requestId: result.requestId,
    current: result.code === "conflict" && isObject(result.current) ? result.current : undefined,
  };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
