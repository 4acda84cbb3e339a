import { FlaskConical, Plus } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { reachOf } from "#lib/catalog/roles.ts";
import { showRuleBoard } from "#lib/console/guardrail-board.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import { PageBody } from "../../_ui/page-body.tsx";
import { PageHeader } from "../../_ui/page-header.tsx";
import { buttonClass } from "../../_ui/primitives/button.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import { Section } from "../../_ui/section.tsx";
import { RuleTable } from "./rule-table.tsx";

export const metadata: Metadata = { title: "Guardrails" };

export default async function GuardrailsPage() {
  const viewer = await requireViewer("guardrail.read");
  const { isAdmin, teams } = viewer.principal;
  const isLead = teams.some(({ role }) => role === "team_admin");
  const role = isAdmin ? "admin" : isLead ? "team_admin" : "member";
  const mayEdit = reachOf(role, "guardrail.set") !== null;
  return (
    <PageBody>
      <PageHeader
        title="Guardrails"
        description="What requests and answers may say. Rules run from the top; all that fit a request apply to it together."
        actions={
          <>
            {reachOf(role, "guardrail.test") === null ? null : (
              <Link href="/guardrails/test" className={buttonClass()}>
                <FlaskConical aria-hidden /> Dry run
              </Link>
            )}
            {mayEdit ? (
              <Link href="/guardrails/new" className={buttonClass({ variant: "primary" })}>
                <Plus aria-hidden /> New rule
              </Link>
            ) : null}
          </>
        }
      />
      <Section what="the rules" fallback={<Skeleton className="h-96" />}>
        <Rules viewer={viewer} mayEdit={mayEdit} />
      </Section>
    </PageBody>
  );
}

async function Rules({ viewer, mayEdit }: { viewer: Viewer; mayEdit: boolean }) {
  return <RuleTable board={await showRuleBoard(viewer)} mayEdit={mayEdit} />;
}
