import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { reachOf } from "#lib/catalog/roles.ts";
import { findAliasRow, showAliasChoices } from "#lib/console/alias-board.ts";
import { requireViewer } from "#lib/console/viewer.ts";
import { PageBody } from "../../../_ui/page-body.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { AliasEditor } from "../alias-editor.tsx";
import { AliasView } from "../alias-view.tsx";
import { DeleteAlias } from "../delete-alias.tsx";
import { SimulatePanel } from "../simulate-panel.tsx";
import { strategyLabel } from "../strategies.ts";

export const metadata: Metadata = { title: "Alias" };

export default async function AliasPage({ params }: PageProps<"/routing/[alias]">) {
  const viewer = await requireViewer("alias.read");
  const row = (await findAliasRow(viewer, nameOf((await params).alias))) ?? notFound();
  const { alias, members } = row;
  const mayEdit = reachOf(viewer.principal.isAdmin ? "admin" : "member", "alias.update") !== null;
  return (
    <PageBody>
      <PageHeader
        breadcrumb={
          <Link href="/routing" className="hover:underline">
            Routing
          </Link>
        }
        title={alias.name}
        description={`${strategyLabel(alias.strategy)} over ${members.length} ${members.length === 1 ? "deployment" : "deployments"}.`}
        actions={mayEdit ? <DeleteAlias name={alias.name} /> : null}
      />
      {mayEdit ? (
        <div className="grid items-start gap-4 lg:grid-cols-[2fr_1fr]">
          <AliasEditor key={alias.name} stored={alias} choices={showAliasChoices(viewer)} />
          <SimulatePanel name={alias.name} members={members} />
        </div>
      ) : (
        <AliasView row={row} />
      )}
    </PageBody>
  );
}

/** Next hands the part of the address over as it was written. */
function nameOf(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
