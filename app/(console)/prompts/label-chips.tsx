import { Tag } from "lucide-react";
import { Chip } from "../../_ui/chip.tsx";

export interface LabelChipsProps {
  labels: readonly { label: string; version: number }[];
}

/** Labels with the versions that they stand at; production is told from the others by its tone. */
export function LabelChips({ labels }: LabelChipsProps) {
  return labels.length === 0 ? (
    <span className="text-muted-fg">None</span>
  ) : (
    <span className="flex flex-wrap gap-1">
      {labels.map(({ label, version }) => (
        <LabelChip key={label} label={label}>
          {label} v{version}
        </LabelChip>
      ))}
    </span>
  );
}

export interface LabelChipProps {
  label: string;
  children: React.ReactNode;
}

export function LabelChip({ label, children }: LabelChipProps) {
  return (
    <Chip tone={label === "production" ? "success" : "neutral"} icon={<Tag aria-hidden />}>
      {children}
    </Chip>
  );
}
