"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import type { PromptPage } from "#lib/contract/prompt-board.ts";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { Select } from "../../../_ui/primitives/select.tsx";
import { Skeleton } from "../../../_ui/primitives/skeleton.tsx";
import { ToggleGroup } from "../../../_ui/primitives/toggle-group.tsx";
import { promptHref } from "../prompt-href.ts";
import { PromptDiff } from "./prompt-diff.tsx";
import { useVersion } from "./use-version.ts";

export interface ComparePartProps {
  page: PromptPage;
  /** As the address says; what it leaves open is the open version and the one before it. */
  compared: { a: number | null; b: number | null };
}

type Look = "unified" | "split";

/** Any two versions beside each other. */
export function ComparePart({ page: { prompt, version, heads }, compared }: ComparePartProps) {
  const router = useRouter();
  const [look, setLook] = useState<Look>("unified");
  const b = compared.b ?? version.version;
  const a = compared.a ?? heads.find((head) => head.version < b)?.version ?? b;
  const one = useVersion(prompt.name, a);
  const other = useVersion(prompt.name, b);
  const options = heads.map(({ version: number, labels }) => ({
    value: String(number),
    label: [`Version ${number}`, ...labels].join(", "),
  }));
  const show = (next: { a: number; b: number }) =>
    router.push(promptHref(prompt.name, { v: version.version, tab: "compare", ...next }), {
      scroll: false,
    });
  if (heads.length < 2) {
    return (
      <EmptyState title="There is one version.">
        As soon as there is another one, they are compared here.
      </EmptyState>
    );
  }
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <Select
          isCompact
          aria-label="Compare"
          options={options}
          value={String(a)}
          onValueChange={(value) => show({ a: Number(value), b })}
        />
        with
        <Select
          isCompact
          aria-label="With"
          options={options}
          value={String(b)}
          onValueChange={(value) => show({ a, b: Number(value) })}
        />
        <ToggleGroup
          aria-label="Look"
          options={[
            { value: "unified", label: "In one" },
            { value: "split", label: "Side by side" },
          ]}
          value={look}
          onValueChange={(next) => setLook(next as Look)}
        />
      </div>
      {one.problem !== null || other.problem !== null ? (
        <p role="alert" className="text-danger text-sm">
          {one.problem ?? other.problem}
        </p>
      ) : null}
      {one.version === undefined || other.version === undefined ? (
        one.problem === null && other.problem === null ? (
          <Skeleton className="h-64" />
        ) : null
      ) : (
        <PromptDiff before={one.version} after={other.version} isSplit={look === "split"} />
      )}
    </div>
  );
}
