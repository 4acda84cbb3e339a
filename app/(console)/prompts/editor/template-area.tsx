"use client";

import { parseTemplate } from "#lib/contract/prompt-template.ts";
import { cn } from "../../../_ui/cn.ts";
import type { FieldControl } from "../../../_ui/field.tsx";
import { fieldFocusRing } from "../../../_ui/primitives/focus-ring.ts";

export interface TemplateAreaProps {
  control: FieldControl;
  value: string;
  onChange: (value: string) => void;
}

/** Both layers wrap alike only as long as they share every one of these. */
const LAYER =
  "col-start-1 row-start-1 m-0 w-full min-w-0 overflow-hidden whitespace-pre-wrap break-words border px-2.5 py-2 font-mono text-13 any-pointer-coarse:text-base";

/**
 * A box to write a template in, with its variables marked. The marks stand in a layer below, which
 * also gives the box its height: what is typed in is an ordinary text area.
 */
export function TemplateArea({ control, value, onChange }: TemplateAreaProps) {
  return (
    <div className="grid min-h-28 min-w-0 rounded-md bg-bg">
      <div aria-hidden className={cn(LAYER, "border-transparent text-transparent")}>
        <Marks template={value} />
        {/* A line that is empty still has its height. */}
        {"\u200b"}
      </div>
      <textarea
        {...control}
        value={value}
        spellCheck
        onChange={({ target }) => onChange(target.value)}
        className={cn(
          LAYER,
          fieldFocusRing,
          "resize-none rounded-md border-input bg-transparent text-fg aria-invalid:border-danger",
        )}
      />
    </div>
  );
}

const TAG = /\{\{[ \t]*[A-Za-z_][A-Za-z0-9_]{0,63}[ \t]*\}\}/g;

function Marks({ template }: { template: string }) {
  // Where something is wrong nothing is marked: a mark says that it is read as a variable.
  if (parseTemplate(template).problems.length > 0) {
    return template;
  }
  const texts = template.split(TAG);
  const tags = template.match(TAG) ?? [];
  return texts.map((text, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: equal pieces repeat, so a piece is known by its place.
    <span key={at}>
      {text}
      {tags[at] === undefined ? null : (
        <mark className="rounded-sm bg-chip-info-bg text-transparent">{tags[at]}</mark>
      )}
    </span>
  ));
}
