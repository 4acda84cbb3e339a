import Link from "next/link";
import type { RuleForm } from "#lib/contract/guardrail-form.ts";
import { cn } from "../../../_ui/cn.ts";
import { focusRing } from "../../../_ui/primitives/focus-ring.ts";

interface TypeCardsProps {
  forms: readonly RuleForm[];
}

/** Step one: what to look for. Each card leads to the form of that type. */
export function TypeCards({ forms }: TypeCardsProps) {
  return (
    <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
      {forms.map(({ type, label, description }) => (
        <li key={type}>
          <Link
            href={`/guardrails/new?type=${type}`}
            className={cn(
              focusRing,
              "flex h-full flex-col gap-1 rounded-lg border border-border bg-bg p-4 hover:border-input hover:bg-surface",
            )}
          >
            <span className="font-medium text-base">{label}</span>
            <span className="text-muted-fg text-sm">{description}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
