import type { Metadata } from "next";
import Link from "next/link";
import { showRuleBoard } from "#lib/console/guardrail-board.ts";
import { requireViewer } from "#lib/console/viewer.ts";
import { requestParams } from "#lib/contract/params.ts";
import { PageBody } from "../../../_ui/page-body.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { TestBench } from "./test-bench.tsx";

export const metadata: Metadata = { title: "Dry run" };

export default async function DryRunPage({ searchParams }: PageProps<"/guardrails/test">) {
  const viewer = await requireViewer("guardrail.test");
  const { rows } = await showRuleBoard(viewer);
  const asked = requestParams.safeParse({ id: (await searchParams)["log"] }).data;
  return (
    <PageBody>
      <PageHeader
        breadcrumb={
          <Link href="/guardrails" className="hover:underline">
            Guardrails
          </Link>
        }
        title="Dry run"
        description="What the rules find in a request and an answer. No model is asked for an answer, and nothing is logged or charged."
      />
      <TestBench
        rules={rows.map(({ rule }) => ({ id: rule.id, name: rule.name, mode: rule.mode }))}
        requestId={asked?.id ?? null}
      />
    </PageBody>
  );
}
