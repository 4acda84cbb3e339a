import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { showAuditFacets, showAuditPage } from "#lib/console/audit.ts";
import { mayTake } from "#lib/console/permission.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import type { AuditFilter } from "#lib/contract/audit.ts";
import { PageBody } from "../../_ui/page-body.tsx";
import { PageHeader } from "../../_ui/page-header.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import { readParams } from "../../_ui/search-params.ts";
import { Section } from "../../_ui/section.tsx";
import { AuditFilters } from "./audit-filters.tsx";
import {
  AUDIT_PARAMS,
  type AuditCursor,
  auditFilterOf,
  exportQueryOf,
  isNarrowed,
} from "./audit-params.ts";
import { AuditTable } from "./audit-table.tsx";
import { ExportMenu } from "./export-menu.tsx";
import { VerifyChain } from "./verify-chain.tsx";

export const metadata: Metadata = { title: "Audit" };

interface AuditPageProps {
  searchParams: Promise<SearchParams>;
}

export default async function AuditPage({ searchParams }: AuditPageProps) {
  const viewer = await requireViewer("audit.read");
  const { values, ignored } = readParams(AUDIT_PARAMS, await searchParams);
  const filter = auditFilterOf(values, { nowMs: Date.now(), zone: viewer.reportingZone });
  const facets = await showAuditFacets(viewer);
  const { principal } = viewer;
  return (
    <PageBody isWide>
      <PageHeader
        title="Audit"
        description="Who changed or saw what. Events are kept for good; nobody can edit or delete one."
        actions={
          <>
            {mayTake(principal, "audit.verify") ? <VerifyChain /> : null}
            {mayTake(principal, "audit.export") ? (
              <ExportMenu query={exportQueryOf(filter)} />
            ) : null}
          </>
        }
      />
      <AuditFilters facets={facets} ignored={ignored} />
      <Section what="events" fallback={<Skeleton className="h-96" />}>
        <Events
          viewer={viewer}
          filter={filter}
          cursor={values.cursor}
          isFiltered={isNarrowed(values)}
        />
      </Section>
    </PageBody>
  );
}

interface EventsProps {
  viewer: Viewer;
  filter: AuditFilter;
  cursor: AuditCursor | null;
  isFiltered: boolean;
}

async function Events({ viewer, filter, cursor, isFiltered }: EventsProps) {
  const place = cursor === null ? {} : { [cursor.side]: cursor.sequence };
  return (
    <AuditTable
      page={await showAuditPage(viewer, { ...filter, ...place })}
      isFiltered={isFiltered}
    />
  );
}
