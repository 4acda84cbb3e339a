import { diffLines } from "diff";
import { cn } from "./cn.ts";

export interface DiffViewProps {
  /** Text, or plain data that is shown as JSON. */
  before: unknown;
  after: unknown;
  beforeLabel?: string;
  afterLabel?: string;
}

/** Two versions line by line: `<DiffView before={event.before} after={event.after} />`. */
export function DiffView({
  before,
  after,
  beforeLabel = "Before",
  afterLabel = "After",
}: DiffViewProps) {
  const lines = diffLines(textOf(before), textOf(after))
    .flatMap((part) =>
      part.value
        .replace(/\n$/, "")
        .split("\n")
        .map((text) => ({ text, kind: kindOf(part) })),
    )
    // Equal lines repeat, so a line is known by its place.
    .map((line, place) => ({ ...line, key: String(place) }));
  return (
    <figure className="min-w-0 overflow-hidden rounded-md border border-border">
      <figcaption className="flex gap-4 border-border border-b bg-surface px-3 py-1 text-muted-fg text-xs">
        <span>- {beforeLabel}</span>
        <span>+ {afterLabel}</span>
      </figcaption>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to scroll by keyboard.
        tabIndex={0}
        className="max-h-96 overflow-auto py-1 font-mono text-xs"
      >
        {lines.map(({ key, text, kind }) => (
          <DiffLine key={key} text={text} kind={kind} />
        ))}
      </pre>
    </figure>
  );
}

type Kind = "same" | "removed" | "added";

const LOOKS = {
  same: { sign: " ", word: "", className: "" },
  removed: { sign: "-", word: "Removed: ", className: "bg-chip-danger-bg text-chip-danger-fg" },
  added: { sign: "+", word: "Added: ", className: "bg-chip-success-bg text-chip-success-fg" },
} as const satisfies Record<Kind, unknown>;

interface DiffLineProps {
  text: string;
  kind: Kind;
}

function DiffLine({ text, kind }: DiffLineProps) {
  const { sign, word, className } = LOOKS[kind];
  return (
    <span className={cn("block px-3", className)}>
      <span aria-hidden>{sign} </span>
      {word === "" ? null : <span className="sr-only">{word}</span>}
      {text}
    </span>
  );
}

function kindOf(part: { added?: boolean; removed?: boolean }): Kind {
  if (part.added === true) {
    return "added";
  }
  return part.removed === true ? "removed" : "same";
}

/** JSON has no `undefined`; an absent side is an empty text. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) {
    return "";
  }
  return typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
}
