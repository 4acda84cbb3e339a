"use client";

import { Pencil, RotateCcw } from "lucide-react";
import { useState } from "react";
import { cn } from "../../_ui/cn.ts";
import { CopyButton } from "../../_ui/copy-button.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Textarea } from "../../_ui/primitives/textarea.tsx";
import { AnswerText } from "./answer-text.tsx";
import type { Turn } from "./playground-state.ts";
import { RunFacts } from "./run-facts.tsx";

export interface PanelTurnProps {
  turn: Turn;
  isLast: boolean;
  isFastest: boolean;
  isCheapest: boolean;
  isBusy: boolean;
  /** What was edited takes the place of the turn and of all after it. */
  onEdit: (content: string) => void;
  onRerun: () => void;
}

/** A question or an answer of a panel's history. */
export function PanelTurn(props: PanelTurnProps) {
  const { turn, isLast, isBusy, onEdit, onRerun } = props;
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <li className={cn("group rounded-md p-3", turn.role === "user" ? "bg-muted" : "bg-surface")}>
      <TurnHead
        turn={turn}
        isBusy={isBusy}
        onEdit={() => setDraft(turn.content)}
        onRerun={onRerun}
      />
      {draft === null ? (
        <TurnText turn={turn} />
      ) : (
        <TurnEditor
          text={draft}
          verb={turn.role === "user" ? "Save and run" : "Save"}
          onType={setDraft}
          onCancel={() => setDraft(null)}
          onSave={() => {
            setDraft(null);
            onEdit(draft);
          }}
        />
      )}
      {turn.run === undefined ? null : (
        <RunFacts
          run={turn.run}
          isFastest={isLast && props.isFastest}
          isCheapest={isLast && props.isCheapest}
        />
      )}
    </li>
  );
}

interface TurnHeadProps {
  turn: Turn;
  isBusy: boolean;
  onEdit: () => void;
  onRerun: () => void;
}

const HEADS = {
  user: { who: "You", what: "message", rerun: "Run again from here" },
  assistant: { who: "Answer", what: "answer", rerun: "Answer again" },
} as const;

function TurnHead({ turn, isBusy, onEdit, onRerun }: TurnHeadProps) {
  const { who, what, rerun } = HEADS[turn.role];
  return (
    <div className="mb-1 flex min-h-7 items-center justify-between gap-2">
      <span className="font-medium text-muted-fg text-xs">{who}</span>
      {isBusy ? null : (
        <span className="flex gap-0.5">
          <CopyButton text={turn.content} what={what} />
          <Button variant="ghost" size="icon-sm" aria-label={`Edit ${what}`} onClick={onEdit}>
            <Pencil aria-hidden />
          </Button>
          <Button variant="ghost" size="icon-sm" aria-label={rerun} onClick={onRerun}>
            <RotateCcw aria-hidden />
          </Button>
        </span>
      )}
    </div>
  );
}

function TurnText({ turn }: { turn: Turn }) {
  return turn.role === "user" ? (
    <p className="whitespace-pre-wrap break-words text-sm">{turn.content}</p>
  ) : (
    <AnswerText text={turn.content} isRunning={turn.run?.state === "running"} />
  );
}

interface TurnEditorProps {
  text: string;
  verb: string;
  onType: (text: string) => void;
  onCancel: () => void;
  onSave: () => void;
}

function TurnEditor({ text, verb, onType, onCancel, onSave }: TurnEditorProps) {
  return (
    <div className="flex flex-col gap-2">
      <Textarea
        aria-label="Message"
        rows={4}
        value={text}
        onChange={({ target }) => onType(target.value)}
      />
      <div className="flex gap-2">
        <Button variant="primary" size="sm" onClick={onSave}>
          {verb}
        </Button>
        <Button size="sm" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
