"use client";

import dynamic from "next/dynamic";
import { createContext, type ReactNode, use, useRef, useState } from "react";
import type { ActionResult } from "#lib/contract/action-result.ts";

// Most visits never need these.
const SignInDialog = dynamic(() =>
  import("./sign-in-dialog.tsx").then((module) => module.SignInDialog),
);
const StepUpDialog = dynamic(() =>
  import("./step-up-dialog.tsx").then((module) => module.StepUpDialog),
);

/** How the person who is signed in proves who they are. */
export interface Reauthentication {
  email: string;
  /** The way this session began. */
  method: "password" | "oidc";
  /** What people call the identity provider; `null` without one. */
  ssoName: string | null;
}

export type PasswordAction = (input: unknown) => Promise<ActionResult<{ error: string | null }>>;

interface SessionGuardValue {
  /**
   * Calls a server action. When it wants a fresh proof of identity, or the session has ended, a
   * dialog asks for it over the page and the action is called again; whoever closes the dialog gets
   * the refusal. Nothing that was typed is lost.
   */
  run: <T>(call: () => Promise<ActionResult<T>>) => Promise<ActionResult<T>>;
}

const SessionGuardContext = createContext<SessionGuardValue>({ run: (call) => call() });

export function useSessionGuard(): SessionGuardValue {
  return use(SessionGuardContext);
}

type Question = "step_up_required" | "unauthenticated";

export interface SessionGuardProps {
  who: Reauthentication;
  confirmPassword: PasswordAction;
  signInAgain: PasswordAction;
  children: ReactNode;
}

/** Stands once around the console. Calls that need the same answer at once share one dialog. */
export function SessionGuard({ who, confirmPassword, signInAgain, children }: SessionGuardProps) {
  const [question, setQuestion] = useState<Question | null>(null);
  // Mounted from the first question on, so that closing can be animated.
  const [asked, setAsked] = useState<readonly Question[]>([]);
  const waiting = useRef<((isConfirmed: boolean) => void)[]>([]);

  function ask(wanted: Question): Promise<boolean> {
    setQuestion(wanted);
    setAsked((before) => (before.includes(wanted) ? before : [...before, wanted]));
    return new Promise((resolve) => waiting.current.push(resolve));
  }

  function answer(isConfirmed: boolean) {
    setQuestion(null);
    for (const resolve of waiting.current.splice(0)) {
      resolve(isConfirmed);
    }
  }

  async function run<T>(call: () => Promise<ActionResult<T>>): Promise<ActionResult<T>> {
    const result = await call();
    if (result.ok || !isQuestion(result.code)) {
      return result;
    }
    return (await ask(result.code)) ? await run(call) : result;
  }

  return (
    <SessionGuardContext value={{ run }}>
      {children}
      {asked.includes("step_up_required") ? (
        <StepUpDialog
          isOpen={question === "step_up_required"}
          who={who}
          confirm={confirmPassword}
          onAnswer={answer}
        />
      ) : null}
      {asked.includes("unauthenticated") ? (
        <SignInDialog
          isOpen={question === "unauthenticated"}
          who={who}
          signIn={signInAgain}
          onAnswer={answer}
        />
      ) : null}
    </SessionGuardContext>
  );
}

function isQuestion(code: string): code is Question {
  return code === "step_up_required" || code === "unauthenticated";
}
