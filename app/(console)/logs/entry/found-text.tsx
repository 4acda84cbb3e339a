import { cn } from "../../../_ui/cn.ts";
import { Scroller } from "../../../_ui/scroller.tsx";

export interface FoundTextProps {
  text: string;
  find: string;
  isWrapped: boolean;
  what: string;
}

/** Text in which what is looked for is marked, with how often it occurs. */
export function FoundText({ text, find, isWrapped, what }: FoundTextProps) {
  const parts = splitAt(text, find);
  const count = (parts.length - 1) / 2;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      {find === "" ? null : (
        <p role="status" className="text-muted-fg text-xs">
          {count === 1 ? "1 match" : `${count} matches`}
        </p>
      )}
      <Scroller label={what} className="max-h-[32rem] rounded-md border border-border bg-surface">
        <pre
          className={cn("p-3 font-mono text-13", isWrapped && "whitespace-pre-wrap break-words")}
        >
          <Marked parts={parts} />
        </pre>
      </Scroller>
    </div>
  );
}

interface MarkedProps {
  parts: readonly string[];
}

/** Every second part is a match. */
export function Marked({ parts }: MarkedProps) {
  return (
    <>
      {parts.map((part, index) =>
        index % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other name.
          <mark key={index} className="rounded-sm bg-chip-warning-bg text-chip-warning-fg">
            {part}
          </mark>
        ) : (
          part
        ),
      )}
    </>
  );
}

/** A text cut before and after each match, ignoring case: what is at odd places matched. */
export function splitAt(text: string, find: string): string[] {
  if (find === "") {
    return [text];
  }
  const pattern = new RegExp(`(${find.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")})`, "giu");
  return text.split(pattern);
}
