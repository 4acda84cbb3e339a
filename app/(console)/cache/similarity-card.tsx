"use client";

import { useState } from "react";
import type { SimilarityView } from "#lib/contract/cache-console.ts";
import type { SettingsInfo } from "#lib/contract/settings.ts";
import { EmptyState } from "../../_ui/empty-state.tsx";
import { NearMisses } from "./near-misses.tsx";
import { SimilarityChart } from "./similarity-chart.tsx";
import { ThresholdCard } from "./threshold-card.tsx";

export interface SimilarityCardProps {
  similarity: SimilarityView;
  info: SettingsInfo<"cache">;
  isAdmin: boolean;
}

/** How near questions were, and what another threshold would have done to them. */
export function SimilarityCard({ similarity, info, isAdmin }: SimilarityCardProps) {
  const [threshold, setThreshold] = useState(info.values.threshold);
  if (!info.values.semantic_enabled && similarity.lookups === 0) {
    return (
      <EmptyState title="Semantic matching is off.">
        {isAdmin
          ? "Turn it on in the settings. What a threshold would do shows here after the first look-ups."
          : "An admin can turn it on."}
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-6">
      <SimilarityChart similarity={similarity} threshold={threshold} />
      <ThresholdCard
        similarity={similarity}
        info={info}
        threshold={threshold}
        onChange={setThreshold}
        isAdmin={isAdmin}
      />
      {isAdmin && threshold < info.values.threshold ? <NearMisses threshold={threshold} /> : null}
    </div>
  );
}
