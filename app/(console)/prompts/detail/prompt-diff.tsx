"use client";

import { diffWordsWithSpace } from "diff";
import { useMemo } from "react";
import type { PromptVersionInfo } from "#lib/contract/prompt.ts";
import { textOfConfig, textOfMessages } from "#lib/contract/prompt-text.ts";
import { DiffView } from "../../../_ui/diff-view.tsx";

export interface PromptDiffProps {
  before: PromptVersionInfo;
  after: PromptVersionInfo;
  /** Beside each other instead of in one text. */
  isSplit?: boolean;
}

interface Piece {
  text: string;
  kind: "same" | "removed" | "added";
}

/** The time of a comparison grows with the square of what differs; beyond this all of it is new. */
const MAX_EDITS = 2_000;

/** Two versions word by word, and their variables and models below. */
export function PromptDiff({ before, after, isSplit = false }: PromptDiffProps) {
  const pieces = useMemo(() => piecesOf(before, after), [before, after]);
  const isSame = pieces.every(({ kind }) => kind === "same");
  const [beforeConfig, afterConfig] = [textOfConfig(before), textOfConfig(after)];
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {isSame ? <p className="text-sm">Their messages are the same.</p> : null}
      {isSplit ? (
        <div className="grid min-w-0 gap-3 md:grid-cols-2">
          <DiffText
            label={`Version ${before.version}`}
            pieces={pieces.filter(({ kind }) => kind !== "added")}
          />
          <DiffText
            label={`Version ${after.version}`}
            pieces={pieces.filter(({ kind }) => kind !== "removed")}
          />
        </div>
      ) : (
        <DiffText label={`Version ${before.version} to version ${after.version}`} pieces={pieces} />
      )}
      {beforeConfig === afterConfig ? (
        <p className="text-sm">Their variables and models are the same.</p>
      ) : (
        <DiffView
          before={beforeConfig}
          after={afterConfig}
          beforeLabel={`Variables and model of version ${before.version}`}
          afterLabel={`of version ${after.version}`}
        />
      )}
    </div>
  );
}

function piecesOf(before: PromptVersionInfo, after: PromptVersionInfo): Piece[] {
  const [old, now] = [textOfMessages(before), textOfMessages(after)];
  const parts = diffWordsWithSpace(old, now, { maxEditLength: MAX_EDITS });
  if (parts === undefined) {
    return [
      { text: old, kind: "removed" },
      { text: now, kind: "added" },
    ];
  }
  return parts.map(({ value, added, removed }) => ({
    text: value,
    kind: added ? "added" : removed ? "removed" : "same",
  }));
}

interface DiffTextProps {
  label: string;
  pieces: readonly Piece[];
}

function DiffText({ label, pieces }: DiffTextProps) {
  return (
    <figure className="min-w-0 overflow-hidden rounded-md border border-border">
      <figcaption className="border-border border-b bg-surface px-3 py-1 text-muted-fg text-xs">
        {label}
      </figcaption>
      <p
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to scroll by keyboard.
        tabIndex={0}
        className="max-h-96 overflow-auto whitespace-pre-wrap break-words px-3 py-2 font-mono text-13"
      >
        {pieces.map((piece, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: equal pieces repeat, so a piece is known by its place.
          <DiffPiece key={at} {...piece} />
        ))}
      </p>
    </figure>
  );
}

function DiffPiece({ text, kind }: Piece) {
  switch (kind) {
    case "same":
      return text;
    case "removed":
      return <del className="bg-chip-danger-bg text-chip-danger-fg">{text}</del>;
    case "added":
      return (
        <ins className="bg-chip-success-bg text-chip-success-fg decoration-chip-success-fg/40">
          {text}
        </ins>
      );
    default:
      return kind satisfies never;
  }
}
