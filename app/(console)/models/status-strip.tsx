import { CircleCheck, CircleX, TriangleAlert } from "lucide-react";
import type { HealthStrip } from "#lib/contract/health-report.ts";

interface StatusStripProps {
  strip: HealthStrip;
}

const LOOKS = {
  ok: { icon: CircleCheck, tone: "bg-chip-success-bg text-chip-success-fg" },
  degraded: { icon: TriangleAlert, tone: "bg-chip-warning-bg text-chip-warning-fg" },
  down: { icon: CircleX, tone: "bg-chip-danger-bg text-chip-danger-fg" },
} as const;

/** Whether answers can be expected, for people without the health page. */
export function StatusStrip({ strip }: StatusStripProps) {
  const { icon: Icon, tone } = LOOKS[strip.state];
  return (
    <p role="status" className={`flex items-center gap-2 rounded-lg px-3 py-2 text-sm ${tone}`}>
      <Icon aria-hidden className="size-4 shrink-0" />
      {strip.text}
    </p>
  );
}
