"use client";

import { type ReactNode, useId, useRef, useState } from "react";
import type { ActionResult } from "#lib/contract/action-result.ts";
import { FormProblems } from "./form-problems.tsx";
import { OutdatedNotice } from "./outdated-notice.tsx";
import {
  AlertDialog,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogTitle,
} from "./primitives/alert-dialog.tsx";
import { Button } from "./primitives/button.tsx";
import { DialogFooter } from "./primitives/dialog.tsx";
import { Input } from "./primitives/input.tsx";
import { Label } from "./primitives/label.tsx";
import { type Refusal, useSubmission } from "./use-submission.ts";

export interface ConfirmDialogProps<Output> {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** Verb and object: "Revoke Billing worker". */
  title: string;
  /** The verb alone, on the button: "Revoke". */
  verb: string;
  /** What it will do, as the server counts it now: "412 requests in the last hour used this key." */
  effect: ReactNode;
  /** Level 3: this text, the object's name, has to be typed first. */
  typedName?: string | undefined;
  /** False for changes that destroy nothing, such as a change of role. */
  isDanger?: boolean;
  action: (input: unknown) => Promise<ActionResult<Output>>;
  input: unknown;
  onDone?: (value: Output) => void;
  /** Further choices that belong to the question; a function is given what is wrong with them. */
  children?: ReactNode | ((errors: Refusal["errors"]) => ReactNode);
}

/**
 * Level 2, and with `typedName` level 3. Focus begins on Cancel; the dialog stays open and says why
 * when the action is refused.
 *
 *     <ConfirmDialog isOpen={open} onOpenChange={setOpen} title={`Revoke ${key.name}`} verb="Revoke"
 *       effect={effect} action={revokeKey} input={{ id: key.id }} />
 */
export function ConfirmDialog<Output>(props: ConfirmDialogProps<Output>) {
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <AlertDialog open={props.isOpen} onOpenChange={props.onOpenChange}>
      <AlertDialogContent initialFocus={cancel}>
        <ConfirmForm {...props} cancel={cancel} />
      </AlertDialogContent>
    </AlertDialog>
  );
}

interface ConfirmFormProps<Output> extends ConfirmDialogProps<Output> {
  cancel: React.RefObject<HTMLButtonElement | null>;
}

/** Mounted only while the dialog is open, so that a typed name never survives. */
function ConfirmForm<Output>({
  onOpenChange,
  title,
  verb,
  effect,
  typedName,
  isDanger = true,
  action,
  input,
  onDone,
  cancel,
  children,
}: ConfirmFormProps<Output>) {
  const [typed, setTyped] = useState("");
  const { state, send } = useSubmission(action, {
    onDone: (value) => {
      onOpenChange(false);
      onDone?.(value);
    },
    onOutdated: () => undefined,
  });
  const isReady = typedName === undefined || typed.trim() === typedName;
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        if (isReady) {
          send(input);
        }
      }}
    >
      <AlertDialogTitle>{title}</AlertDialogTitle>
      <AlertDialogDescription render={<div />}>{effect}</AlertDialogDescription>
      {state.isOutdated ? <OutdatedNotice /> : null}
      <FormProblems form={state} />
      {typeof children === "function" ? children(state.errors) : children}
      {typedName === undefined ? null : (
        <TypedName name={typedName} typed={typed} onType={setTyped} />
      )}
      <DialogFooter>
        <Button ref={cancel} onClick={() => onOpenChange(false)}>
          Cancel
        </Button>
        <Button
          type="submit"
          variant={isDanger ? "danger" : "primary"}
          disabled={!isReady}
          isPending={state.isPending}
        >
          {verb}
        </Button>
      </DialogFooter>
    </form>
  );
}

interface TypedNameProps {
  name: string;
  typed: string;
  onType: (typed: string) => void;
}

function TypedName({ name, typed, onType }: TypedNameProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <Label htmlFor={id}>
        Type <span className="break-all rounded-sm bg-muted px-1 font-mono">{name}</span> to confirm
      </Label>
      <Input
        id={id}
        value={typed}
        autoComplete="off"
        onChange={(event) => onType(event.target.value)}
      />
    </div>
  );
}
