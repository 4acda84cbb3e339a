import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { showKeyList } from "#lib/console/api-key-list.ts";
import { showKeyOptions } from "#lib/console/key-options.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import type { KeyOptions } from "#lib/contract/api-key-console.ts";
import type { KeyListQuery } from "#lib/contract/api-key-list.ts";
import { PageBody } from "../../_ui/page-body.tsx";
import { PageHeader } from "../../_ui/page-header.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import { readParams } from "../../_ui/search-params.ts";
import { Section } from "../../_ui/section.tsx";
import { CreateKey } from "./create-key.tsx";
import { ExportKeys } from "./export-keys.tsx";
import { KeysEmpty } from "./keys-empty.tsx";
import { KeysFilters } from "./keys-filters.tsx";
import { isNarrowed, KEY_PARAMS, keyQueryOf } from "./keys-params.ts";
import { KeysTable } from "./keys-table.tsx";

export const metadata: Metadata = { title: "Keys" };

interface KeysPageProps {
  searchParams: Promise<SearchParams>;
}

export default async function KeysPage({ searchParams }: KeysPageProps) {
  const viewer = await requireViewer("key.read");
  const { values, ignored } = readParams(KEY_PARAMS, await searchParams);
  const options = await showKeyOptions(viewer);
  return (
    <PageBody isWide>
      <PageHeader
        title="Keys"
        description="A key lets one app call the gateway, within its limits."
        actions={
          <>
            <ExportKeys />
            {options.may_create ? <CreateKey options={options} teamId={values.team} /> : null}
          </>
        }
      />
      <KeysFilters models={options.models} ignored={ignored} />
      <Section
        what="keys"
        fallback={<Skeleton className="h-96" />}
        hint="The limits of every key are enforced all the same."
      >
        <KeyList
          viewer={viewer}
          query={keyQueryOf(values)}
          isFiltered={isNarrowed(values)}
          options={options}
        />
      </Section>
    </PageBody>
  );
}

interface KeyListProps {
  viewer: Viewer;
  query: KeyListQuery;
  isFiltered: boolean;
  options: KeyOptions;
}

async function KeyList({ viewer, query, isFiltered, options }: KeyListProps) {
  return (
    <KeysTable
      page={await showKeyList(viewer, query)}
      isFirstPage={query.after === undefined}
      empty={<KeysEmpty isFiltered={isFiltered} options={options} />}
    />
  );
}
