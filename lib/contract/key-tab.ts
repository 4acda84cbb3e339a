import type { KeyOptions } from "./api-key-console.ts";
import type { AuditEvent } from "./audit.ts";
import type { KeyLevels } from "./effective-limit.ts";
import type { RequestLogInfo } from "./request-log.ts";
import type { UsageChart } from "./usage-report.ts";

/** The views of one key. The first is shown without `?tab=`. */
export const KEY_TABS = ["usage", "limits", "requests", "snippets", "activity"] as const;
export type KeyTabId = (typeof KEY_TABS)[number];

/** What a view shows. */
export type KeyTab =
  | { tab: "usage"; charts: { title: string; chart: UsageChart }[] }
  | { tab: "limits"; levels: KeyLevels; options: KeyOptions }
  | { tab: "requests"; logs: RequestLogInfo[] }
  | { tab: "snippets"; model: string | null; base_url: string | null }
  | { tab: "activity"; events: AuditEvent[] };
