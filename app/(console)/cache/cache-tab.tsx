import type { CacheTabView } from "#lib/contract/cache-console.ts";
import { offsetPaging } from "../../_ui/offset-paging.ts";
import { CacheOverview } from "./cache-overview.tsx";
import { EntriesTable } from "./entries-table.tsx";
import { LookupTester } from "./lookup-tester.tsx";
import { SemanticState } from "./semantic-state.tsx";
import { SettingsForm } from "./settings-form.tsx";
import { SettingsView } from "./settings-view.tsx";
import { SimilarityCard } from "./similarity-card.tsx";

export interface CacheTabProps {
  view: Promise<CacheTabView>;
  /** Whether the viewer may change anything. */
  isAdmin: boolean;
  /** Names that requests may ask for. */
  models: readonly string[];
}

/** The open view of the page. */
export async function CacheTab({ view: pending, isAdmin, models }: CacheTabProps) {
  const view = await pending;
  switch (view.tab) {
    case "overview":
      return <CacheOverview traffic={view.traffic} settings={view.settings} isAdmin={isAdmin} />;
    case "entries":
      return (
        <EntriesTable
          entries={view.entries}
          paging={offsetPaging(view)}
          isFiltered={view.isFiltered}
          isOn={view.isOn}
          isAdmin={isAdmin}
        />
      );
    case "similarity":
      return (
        <>
          <SemanticState semantic={view.semantic} />
          <SimilarityCard similarity={view.similarity} info={view.info} isAdmin={isAdmin} />
          {isAdmin && view.info.values.semantic_enabled ? <LookupTester models={models} /> : null}
        </>
      );
    case "settings":
      return (
        <>
          <SemanticState semantic={view.semantic} />
          {isAdmin ? (
            <SettingsForm key={view.info.version} info={view.info} models={models} />
          ) : (
            <SettingsView settings={view.info.values} />
          )}
        </>
      );
    default:
      return view satisfies never;
  }
}
