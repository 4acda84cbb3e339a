"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { Chip } from "../../../_ui/chip.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { conversationOf, type Turn } from "./conversation-turns.ts";
import { Marked, splitAt } from "./found-text.tsx";

// Few conversations are looked at as markdown, and reading it is heavier than the rest of the page.
const SafeMarkdown = dynamic(() =>
  import("./safe-markdown.tsx").then((module) => module.SafeMarkdown),
);

/** A turn is shown up to here; the JSON tabs have the rest. */
const MAX_TURN = 50_000;

export interface ConversationProps {
  request: string;
  answer: string | null;
  find: string;
}

/** The messages and the answer as a conversation: plain text, or markdown for whoever wants it. */
export function Conversation({ request, answer, find }: ConversationProps) {
  const [isMarkdown, setMarkdown] = useState(false);
  const turns = conversationOf(request, answer);
  if (turns.length === 0) {
    return <p>There are no messages in this request. The JSON tabs show what it holds.</p>;
  }
  return (
    <div className="flex flex-col gap-3">
      <Button
        size="sm"
        variant="ghost"
        className="self-start"
        aria-pressed={isMarkdown}
        onClick={() => setMarkdown(!isMarkdown)}
      >
        {isMarkdown ? "Show as plain text" : "Show as markdown"}
      </Button>
      <ol className="flex flex-col gap-3">
        {turns.map((turn, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: messages have no id, and never move.
            key={index}
            className="flex min-w-0 flex-col gap-1.5 rounded-md border border-border p-3"
          >
            <Chip tone={turn.isAnswer ? "info" : "neutral"} className="self-start">
              {turn.role}
            </Chip>
            <TurnText turn={turn} find={find} isMarkdown={isMarkdown} />
          </li>
        ))}
      </ol>
    </div>
  );
}

interface TurnTextProps {
  turn: Turn;
  find: string;
  isMarkdown: boolean;
}

function TurnText({ turn, find, isMarkdown }: TurnTextProps) {
  const text = turn.text.slice(0, MAX_TURN);
  if (isMarkdown && find === "") {
    return <SafeMarkdown text={text} />;
  }
  return (
    <p className="whitespace-pre-wrap break-words text-sm">
      <Marked parts={splitAt(text, find)} />
    </p>
  );
}
