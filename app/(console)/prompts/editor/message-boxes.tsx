"use client";

import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import type { PromptMessage } from "#lib/contract/managed-prompt.ts";
import { parseTemplate } from "#lib/contract/prompt-template.ts";
import { Field, FieldError } from "../../../_ui/field.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Select } from "../../../_ui/primitives/select.tsx";
import type { ActionForm } from "../../../_ui/use-action-form.ts";
import { type EditorValues, type MessageValues, newMessage } from "./prompt-values.ts";
import { TemplateArea } from "./template-area.tsx";

const ROLES: readonly { value: PromptMessage["role"]; label: string }[] = [
  { value: "system", label: "System" },
  { value: "developer", label: "Developer" },
  { value: "user", label: "User" },
  { value: "assistant", label: "Assistant" },
];

export interface MessageBoxesProps {
  form: ActionForm<EditorValues>;
}

/** The messages of a prompt, one box each. */
export function MessageBoxes({ form }: MessageBoxesProps) {
  const { messages } = form.values;
  const change = (next: readonly MessageValues[]) => form.set("messages", next);
  const edit = (at: number, part: Partial<MessageValues>) =>
    change(messages.map((each, index) => (index === at ? { ...each, ...part } : each)));
  const move = (from: number, to: number) => {
    const item = messages[from];
    if (item !== undefined && to >= 0 && to < messages.length) {
      change(messages.toSpliced(from, 1).toSpliced(to, 0, item));
    }
  };
  const nextRole = messages.at(-1)?.role === "user" ? "assistant" : "user";
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <FieldError id="messages-error" error={form.errors["messages"]} />
      {messages.map((message, at) => (
        <MessageBox
          key={message.key}
          message={message}
          at={at}
          count={messages.length}
          error={form.errors[`messages.${at}.content`] ?? form.errors[`messages.${at}.role`]}
          onEdit={(part) => edit(at, part)}
          onMove={(to) => move(at, to)}
          onRemove={() => change(messages.toSpliced(at, 1))}
        />
      ))}
      <Button className="self-start" onClick={() => change([...messages, newMessage(nextRole)])}>
        <Plus aria-hidden /> Add message
      </Button>
    </div>
  );
}

interface MessageBoxProps {
  message: MessageValues;
  at: number;
  count: number;
  error: string | undefined;
  onEdit: (part: Partial<MessageValues>) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

function MessageBox({ message, at, count, error, onEdit, onMove, onRemove }: MessageBoxProps) {
  const { problems } = parseTemplate(message.content);
  const place = `message ${at + 1}`;
  return (
    <div className="flex min-w-0 flex-col gap-2 rounded-lg border border-border p-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Select
          isCompact
          aria-label={`Role of ${place}`}
          options={ROLES}
          value={message.role}
          onValueChange={(role) => onEdit({ role })}
        />
        <span className="inline-flex items-center">
          <Button
            size="icon-sm"
            variant="ghost"
            aria-label={`Move ${place} up`}
            aria-disabled={at === 0}
            onClick={() => onMove(at - 1)}
          >
            <ArrowUp aria-hidden />
          </Button>
          <Button
            size="icon-sm"
            variant="ghost"
            aria-label={`Move ${place} down`}
            aria-disabled={at === count - 1}
            onClick={() => onMove(at + 1)}
          >
            <ArrowDown aria-hidden />
          </Button>
          <Button
            size="icon-sm"
            variant="ghost"
            aria-label={`Remove ${place}`}
            aria-disabled={count === 1}
            onClick={() => (count === 1 ? undefined : onRemove())}
          >
            <Trash2 aria-hidden />
          </Button>
        </span>
      </div>
      <Field label={`Text of ${place}`} error={problems.length === 0 ? error : undefined}>
        {(control) => (
          <TemplateArea
            control={problems.length === 0 ? control : { ...control, "aria-invalid": true }}
            value={message.content}
            onChange={(content) => onEdit({ content })}
          />
        )}
      </Field>
      <ul aria-live="polite" className="flex flex-col gap-0.5 text-danger text-xs empty:hidden">
        {problems.map(({ line, column, message: text }) => (
          <li key={`${line}:${column}`}>
            Line {line}, column {column}: {text}
          </li>
        ))}
      </ul>
    </div>
  );
}
