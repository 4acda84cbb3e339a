import type { KeyListRow } from "#lib/contract/api-key-list.ts";
import type { KeyTab } from "#lib/contract/key-tab.ts";
import { FirstRequest } from "../first-request.tsx";
import { KeyActivity } from "./key-activity.tsx";
import { KeyLimits } from "./key-limits.tsx";
import { KeyRequests } from "./key-requests.tsx";
import { KeyUsage } from "./key-usage.tsx";

export interface KeyTabViewProps {
  row: KeyListRow;
  view: Promise<KeyTab>;
}

/** The view that the address names. */
export async function KeyTabView({ row, view }: KeyTabViewProps) {
  const shown = await view;
  switch (shown.tab) {
    case "usage":
      return <KeyUsage charts={shown.charts} />;
    case "limits":
      return <KeyLimits row={row} levels={shown.levels} models={shown.options.models} />;
    case "requests":
      return <KeyRequests keyId={row.id} logs={shown.logs} />;
    case "snippets":
      return <FirstRequest model={shown.model} baseUrl={shown.base_url} />;
    case "activity":
      return <KeyActivity events={shown.events} />;
    default:
      return shown satisfies never;
  }
}
