import { Plus } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { reachOf } from "#lib/catalog/roles.ts";
import { showAliasBoard } from "#lib/console/alias-board.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import { PageBody } from "../../_ui/page-body.tsx";
import { PageHeader } from "../../_ui/page-header.tsx";
import { buttonClass } from "../../_ui/primitives/button.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import { Section } from "../../_ui/section.tsx";
import { AliasTable } from "./alias-table.tsx";

export const metadata: Metadata = { title: "Routing" };

export default async function RoutingPage() {
  const viewer = await requireViewer("alias.read");
  const mayEdit = reachOf(viewer.principal.isAdmin ? "admin" : "member", "alias.create") !== null;
  return (
    <PageBody>
      <PageHeader
        title="Routing"
        description="Aliases are names that requests may ask for; each leads to a choice of deployments."
        actions={
          mayEdit ? (
            <Link href="/routing/new" className={buttonClass({ variant: "primary" })}>
              <Plus aria-hidden /> New alias
            </Link>
          ) : null
        }
      />
      <Section what="the aliases" fallback={<Skeleton className="h-96" />}>
        <Aliases viewer={viewer} mayEdit={mayEdit} />
      </Section>
    </PageBody>
  );
}

async function Aliases({ viewer, mayEdit }: { viewer: Viewer; mayEdit: boolean }) {
  return <AliasTable rows={await showAliasBoard(viewer)} mayEdit={mayEdit} />;
}
