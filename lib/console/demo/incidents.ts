import type { DemoDeploymentName } from "./company.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A time during which a deployment did badly. */
export interface Incident {
  deployment: DemoDeploymentName;
  fromMs: number;
  toMs: number;
  /** Share of the tries that failed. */
  failures: number;
  slowness: number;
}

/** What went wrong in the weeks before `nowMs`, newest first; all at office hours in Europe. */
export function incidentsBefore(nowMs: number): Incident[] {
  const at = (daysAgo: number, hour: number, minutes: number) => {
    const fromMs = Math.floor(nowMs / DAY_MS) * DAY_MS - daysAgo * DAY_MS + hour * 3_600_000;
    return { fromMs, toMs: fromMs + minutes * MINUTE_MS };
  };
  return [
    { deployment: "google-flash", ...at(2, 8.25, 45), failures: 0.55, slowness: 1.8 },
    { deployment: "openai-gpt-5.2-eu", ...at(5, 12.25, 95), failures: 0.9, slowness: 1.4 },
    { deployment: "anthropic-haiku", ...at(11, 9, 30), failures: 0.7, slowness: 1.5 },
    { deployment: "openai-gpt-5.2-eu", ...at(19, 13.5, 60), failures: 0.35, slowness: 3.2 },
  ];
}

/** How a deployment does at a moment; on an ordinary day one try in sixty fails. */
export function conditionOf(
  incidents: readonly Incident[],
  deployment: string,
  atMs: number,
): { failures: number; slowness: number } {
  const incident = incidents.find(
    (each) => each.deployment === deployment && atMs >= each.fromMs && atMs < each.toMs,
  );
  return incident ?? { failures: 0.016, slowness: 1 };
}
