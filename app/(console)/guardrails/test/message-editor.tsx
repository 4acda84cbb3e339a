"use client";

import { Plus, Trash2 } from "lucide-react";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Select } from "../../../_ui/primitives/select.tsx";
import { Textarea } from "../../../_ui/primitives/textarea.tsx";
import type { SampleMessage } from "./sample.ts";

interface MessageEditorProps {
  messages: readonly SampleMessage[];
  onChange: (messages: readonly SampleMessage[]) => void;
}

const ROLES = ["system", "user", "assistant"].map((role) => ({ value: role, label: role }));

/** The messages of a chat request; the role of one that was loaded stays as it is. */
export function MessageEditor({ messages, onChange }: MessageEditorProps) {
  const edit = (key: number, part: Partial<SampleMessage>) =>
    onChange(messages.map((each) => (each.key === key ? { ...each, ...part } : each)));
  const nextKey = Math.max(-1, ...messages.map(({ key }) => key)) + 1;
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="mb-1.5 font-medium text-sm">Messages</legend>
      {messages.map((message, at) => (
        <div key={message.key} className="flex flex-col gap-1.5">
          <div className="flex items-center justify-between gap-2">
            {message.original === null ? (
              <Select
                isCompact
                aria-label={`Role of message ${at + 1}`}
                options={ROLES}
                value={message.role}
                onValueChange={(role) => edit(message.key, { role })}
              />
            ) : (
              <span className="text-muted-fg text-sm">{message.role}</span>
            )}
            <Button
              size="icon-sm"
              variant="ghost"
              aria-label={`Remove message ${at + 1}`}
              disabled={messages.length === 1}
              onClick={() => onChange(messages.filter(({ key }) => key !== message.key))}
            >
              <Trash2 aria-hidden />
            </Button>
          </div>
          <Textarea
            aria-label={`Message ${at + 1}`}
            rows={3}
            value={message.text}
            onChange={(event) => edit(message.key, { text: event.target.value })}
          />
        </div>
      ))}
      <Button
        className="self-start"
        onClick={() =>
          onChange([...messages, { key: nextKey, role: "user", text: "", original: null }])
        }
      >
        <Plus aria-hidden /> Add message
      </Button>
    </fieldset>
  );
}
