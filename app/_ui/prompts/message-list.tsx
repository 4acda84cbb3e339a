import type { PromptMessage } from "#lib/contract/managed-prompt.ts";
import { parseTemplate } from "#lib/contract/prompt-template.ts";

export interface MessageListProps {
  messages: readonly PromptMessage[];
  /** Whether `{{variable}}` stands for something; in a finished text it is text. */
  isTemplate?: boolean;
}

/** The messages of a prompt, each under its role. */
export function MessageList({ messages, isTemplate = false }: MessageListProps) {
  return (
    <ol aria-label="Messages" className="flex min-w-0 flex-col gap-3">
      {messages.map(({ role, content }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages have no name but their place.
        <li key={at} className="min-w-0 overflow-hidden rounded-lg border border-border">
          <p className="border-border border-b bg-surface px-3 py-1.5 font-medium text-xs">
            {role}
          </p>
          <p
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to scroll by keyboard.
            tabIndex={0}
            className="max-h-[32rem] overflow-auto whitespace-pre-wrap break-words px-3 py-2 font-mono text-13"
          >
            {isTemplate ? <TemplateText content={content} /> : content}
          </p>
        </li>
      ))}
    </ol>
  );
}

function TemplateText({ content }: { content: string }) {
  return parseTemplate(content).parts.map((part, at) =>
    part.kind === "text" ? (
      part.text
    ) : (
      <mark
        // biome-ignore lint/suspicious/noArrayIndexKey: a variable may stand in several places.
        key={at}
        className="rounded-sm bg-chip-info-bg px-0.5 text-chip-info-fg"
      >
        {`{{${part.name}}}`}
      </mark>
    ),
  );
}
