import { cn } from "./cn.ts";
import { CopyButton } from "./copy-button.tsx";

export interface CodeBlockProps {
  code: string;
  /** What it is, for the copy button and the region's name: "curl command". */
  what: string;
  className?: string;
}

/** Code to read and copy; text only, whatever it holds. `<CodeBlock code={json} what="request body" />` */
export function CodeBlock({ code, what, className }: CodeBlockProps) {
  return (
    <div className={cn("relative min-w-0 rounded-md border border-border bg-surface", className)}>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to scroll by keyboard.
        tabIndex={0}
        className="overflow-auto p-3 pr-11 font-mono text-[13px]"
      >
        <code>{code}</code>
      </pre>
      <span className="absolute top-1.5 right-1.5 rounded-md bg-surface">
        <CopyButton text={code} what={what} />
      </span>
    </div>
  );
}
