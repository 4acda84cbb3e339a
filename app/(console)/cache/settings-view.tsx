import type { CacheSettings } from "#lib/contract/cache-settings.ts";
import { formatCount, formatDuration, formatPercent } from "../../_ui/format.ts";
import { Card, CardBody } from "../../_ui/primitives/card.tsx";

export interface SettingsViewProps {
  settings: CacheSettings;
}

/** The settings for those who may not change them. */
export function SettingsView({ settings }: SettingsViewProps) {
  const rows = [
    { label: "Exact matching", value: settings.exact_enabled ? "On" : "Off" },
    { label: "Kept for", value: formatDuration(settings.ttl_seconds * 1000) },
    { label: "Largest answer", value: `${formatCount(settings.max_entry_kib)} KiB` },
    { label: "Models left out", value: settings.excluded_models.join(", ") || "None" },
    { label: "Semantic matching", value: settings.semantic_enabled ? "On" : "Off" },
    { label: "Embedding model", value: settings.embedding_model ?? "None" },
    { label: "Kept for (semantic)", value: formatDuration(settings.semantic_ttl_seconds * 1000) },
    { label: "Shortest question", value: `${formatCount(settings.min_prompt_chars)} characters` },
    { label: "Compared hits", value: formatPercent(settings.sample_share) },
  ];
  return (
    <Card className="max-w-2xl">
      <CardBody>
        <dl className="grid grid-cols-[minmax(8rem,auto)_1fr] gap-x-6 gap-y-3 text-sm">
          {rows.map(({ label, value }) => (
            <div key={label} className="contents">
              <dt className="text-muted-fg">{label}</dt>
              <dd className="break-words">{value}</dd>
            </div>
          ))}
        </dl>
        <p className="mt-4 text-muted-fg text-xs">Admins set these.</p>
      </CardBody>
    </Card>
  );
}
