"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { SwitchOption } from "../../_ui/primitives/switch.tsx";

// Few answers are looked at as markdown, and reading it is heavier than the rest of the page.
const MarkdownText = dynamic(
  () => import("./markdown-text.tsx").then((module) => module.MarkdownText),
  { ssr: false },
);

export interface AnswerTextProps {
  text: string;
  isRunning: boolean;
}

/** What a model said: as it came, or read as markdown. */
export function AnswerText({ text, isRunning }: AnswerTextProps) {
  const [isMarkdown, setMarkdown] = useState(false);
  return (
    <div aria-live="off" className="flex flex-col gap-2">
      {isMarkdown ? (
        <MarkdownText text={text} />
      ) : (
        <p className="whitespace-pre-wrap break-words text-sm" data-testid="answer">
          {text}
          {isRunning ? <span className="animate-pulse motion-reduce:animate-none">▍</span> : null}
        </p>
      )}
      {text === "" ? null : (
        <span className="text-muted-fg">
          <SwitchOption label="Markdown" checked={isMarkdown} onCheckedChange={setMarkdown} />
        </span>
      )}
    </div>
  );
}
