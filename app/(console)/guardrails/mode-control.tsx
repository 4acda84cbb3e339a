"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { toast } from "sonner";
import { ACTED_WORDS, MODE_WORDS } from "#lib/catalog/guardrail-words.ts";
import type { RuleBoardRow } from "#lib/contract/guardrail-form.ts";
import { RULE_MODES, type RuleMode } from "#lib/contract/guardrail-verdict.ts";
import { Chip } from "../../_ui/chip.tsx";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { formatCount } from "../../_ui/format.ts";
import { Select } from "../../_ui/primitives/select.tsx";
import { setRuleMode } from "./actions.ts";
import { timesText } from "./times-text.ts";

interface ModeControlProps {
  row: RuleBoardRow;
  mayEdit: boolean;
}

const OPTIONS = RULE_MODES.map((mode) => ({ value: mode, label: MODE_WORDS[mode] }));
const TONES = { enforced: "success", shadow: "info", off: "neutral" } as const;
const UNREACHABLE = "Conduit cannot be reached. Nothing was changed.";

/** A rule's mode; enforcing one is asked first, with what it found lately. */
export function ModeControl({ row, mayEdit }: ModeControlProps) {
  const router = useRouter();
  const [isAsked, setAsked] = useState(false);
  const [isPending, startTransition] = useTransition();
  const { id, name, mode } = row.rule;

  function change(next: RuleMode) {
    startTransition(async () => {
      const result = await setRuleMode({ id, mode: next }).catch(() => undefined);
      if (result?.ok !== true) {
        toast.error(result?.formError ?? UNREACHABLE);
        return;
      }
      router.refresh();
      toast(`${name}: ${MODE_WORDS[next].toLowerCase()}`, {
        action: { label: "Undo", onClick: () => change(mode) },
        duration: 8000,
      });
    });
  }

  function choose(next: RuleMode) {
    if (next === "enforced" && mode !== "enforced") {
      setAsked(true);
    } else if (next !== mode) {
      change(next);
    }
  }

  if (!mayEdit) {
    return <Chip tone={TONES[mode]}>{MODE_WORDS[mode]}</Chip>;
  }
  return (
    <span aria-busy={isPending}>
      <Select
        isCompact
        aria-label={`Mode of ${name}`}
        options={OPTIONS}
        value={mode}
        onValueChange={choose}
        disabled={isPending}
      />
      <ConfirmDialog
        isOpen={isAsked}
        onOpenChange={setAsked}
        title={`Enforce ${name}`}
        verb="Enforce"
        isDanger={false}
        effect={<Effect row={row} />}
        action={setRuleMode}
        input={{ id, mode: "enforced" }}
        onDone={() => {
          toast(`${name} is enforced`);
          router.refresh();
        }}
      />
    </span>
  );
}

/** What enforcing would have meant over the last day. */
function Effect({ row: { rule, stats } }: { row: RuleBoardRow }) {
  const did = ACTED_WORDS[rule.action].toLowerCase();
  return (
    <div className="flex flex-col gap-2">
      <p>
        {stats.runs === 0
          ? "It has not run in the last 24 hours, so nobody knows yet what it would find."
          : `In the last 24 hours it ran ${timesText(stats.runs)}, and would have ${did} ${formatCount(stats.would_have)} of them.`}
      </p>
      <p>
        <Link href={`/guardrails/${rule.id}?tab=backtest`} className="text-primary hover:underline">
          Run it over stored requests first
        </Link>
      </p>
    </div>
  );
}
