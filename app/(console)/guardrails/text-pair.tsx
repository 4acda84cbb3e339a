import type { TestText } from "#lib/contract/guardrail-test.ts";
import { markedParts } from "./marked-parts.ts";

interface TextPairProps {
  text: TestText;
}

/** A text as it came, with what was found marked in it, beside what would be sent on. */
export function TextPair({ text }: TextPairProps) {
  const sent = text.side === "request" ? "As it is sent" : "As the caller gets it";
  return (
    <section aria-label={text.path} className="flex min-w-0 flex-col gap-1.5">
      <h3 className="break-words font-mono text-muted-fg text-xs">{text.path}</h3>
      <div className="grid gap-2 md:grid-cols-2">
        <Side title="As it came">
          {markedParts(text.before, text.spans).map((part, at) =>
            part.kind === null ? (
              part.text
            ) : (
              <mark
                // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other name.
                key={at}
                title={part.kind}
                className="rounded-sm bg-chip-warning-bg text-chip-warning-fg"
              >
                {part.text}
              </mark>
            ),
          )}
        </Side>
        <Side title={text.before === text.after ? `${sent}: unchanged` : sent}>{text.after}</Side>
      </div>
    </section>
  );
}

function Side({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col rounded-md border border-border">
      <p className="border-border border-b px-3 py-1.5 text-muted-fg text-xs">{title}</p>
      <p className="max-h-72 overflow-auto whitespace-pre-wrap break-words p-3 text-sm">
        {children}
      </p>
    </div>
  );
}
