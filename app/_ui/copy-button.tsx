"use client";

import { Check, Copy } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { copyText, manualCopyHint } from "./copy-text.ts";
import { Button, type ButtonProps } from "./primitives/button.tsx";
import { Popover, PopoverContent, PopoverTitle } from "./primitives/popover.tsx";

const TOLD_MS = 2000;

export interface CopyButtonProps {
  text: string;
  /** What is copied, for its name: "Copy key". */
  what: string;
  /** Show the words beside the icon. */
  hasLabel?: boolean;
  variant?: ButtonProps["variant"];
  className?: string;
  /** Called once the text is really on the clipboard. */
  onCopied?: () => void;
}

/**
 * Says "Copied" only when it is. Where the browser refuses it shows the text selected, with the
 * keys to press. `<CopyButton text={secret} what="key" hasLabel />`
 */
export function CopyButton({
  text,
  what,
  hasLabel = false,
  variant = "ghost",
  className,
  onCopied,
}: CopyButtonProps) {
  const [state, setState] = useState<"idle" | "copied" | "manual">("idle");
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (state !== "copied") {
      return;
    }
    const timer = setTimeout(() => setState("idle"), TOLD_MS);
    return () => clearTimeout(timer);
  }, [state]);

  async function copy() {
    const isCopied = await copyText(text);
    setState(isCopied ? "copied" : "manual");
    if (isCopied) {
      onCopied?.();
    }
  }

  const name = state === "copied" ? "Copied" : `Copy ${what}`;
  return (
    <>
      <Button
        ref={button}
        variant={variant}
        size={hasLabel ? "md" : "icon-sm"}
        className={className}
        aria-label={hasLabel ? undefined : `Copy ${what}`}
        title={hasLabel ? undefined : name}
        onClick={(event) => {
          event.stopPropagation();
          void copy();
        }}
      >
        {state === "copied" ? <Check aria-hidden className="text-success" /> : <Copy aria-hidden />}
        {hasLabel ? name : null}
      </Button>
      <span role="status" className="sr-only">
        {state === "copied" ? `Copied ${what}` : ""}
      </span>
      <ManualCopy
        text={text}
        anchor={button}
        isOpen={state === "manual"}
        onClose={() => setState("idle")}
      />
    </>
  );
}

interface ManualCopyProps {
  text: string;
  anchor: RefObject<HTMLElement | null>;
  isOpen: boolean;
  onClose: () => void;
}

function ManualCopy({ text, anchor, isOpen, onClose }: ManualCopyProps) {
  const box = useRef<HTMLTextAreaElement>(null);
  return (
    <Popover open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
      <PopoverContent anchor={anchor} initialFocus={box} className="flex w-80 flex-col gap-2">
        <PopoverTitle className="font-medium">{isOpen ? manualCopyHint() : ""}</PopoverTitle>
        <textarea
          ref={box}
          readOnly
          aria-label="Text to copy"
          value={text}
          rows={3}
          onFocus={(event) => event.currentTarget.select()}
          className="w-full resize-none break-all rounded-md border border-input bg-surface p-2 font-mono text-xs"
        />
        <p className="text-muted-fg text-xs">This browser does not let the page copy by itself.</p>
      </PopoverContent>
    </Popover>
  );
}
