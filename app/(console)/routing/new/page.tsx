import type { Metadata } from "next";
import Link from "next/link";
import { showAliasChoices } from "#lib/console/alias-board.ts";
import { requireViewer } from "#lib/console/viewer.ts";
import { PageBody } from "../../../_ui/page-body.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { AliasEditor } from "../alias-editor.tsx";

export const metadata: Metadata = { title: "New alias" };

export default async function NewAliasPage() {
  const viewer = await requireViewer("alias.create");
  return (
    <PageBody>
      <PageHeader
        breadcrumb={
          <Link href="/routing" className="hover:underline">
            Routing
          </Link>
        }
        title="New alias"
        description="A name that requests may ask for, and the deployments that answer for it."
      />
      <AliasEditor choices={showAliasChoices(viewer)} />
    </PageBody>
  );
}
