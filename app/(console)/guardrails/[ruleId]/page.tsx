import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { reachOf } from "#lib/catalog/roles.ts";
import { findRuleRow } from "#lib/console/guardrail-board.ts";
import { showRuleForms } from "#lib/console/guardrail-form.ts";
import { requireViewer } from "#lib/console/viewer.ts";
import type { RuleBoardRow } from "#lib/contract/guardrail-form.ts";
import { idParams } from "#lib/contract/params.ts";
import { LinkTabs } from "../../../_ui/link-tabs.tsx";
import { PageBody } from "../../../_ui/page-body.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { ModeControl } from "../mode-control.tsx";
import { RuleForm } from "../rule-form.tsx";
import { BacktestPanel } from "./backtest-panel.tsx";
import { DeleteRule } from "./delete-rule.tsx";
import { RuleFacts } from "./rule-facts.tsx";

export const metadata: Metadata = { title: "Guardrail rule" };

const TABS = [
  { id: "settings", label: "Settings" },
  { id: "backtest", label: "Backtest" },
];

export default async function RulePage(props: PageProps<"/guardrails/[ruleId]">) {
  const viewer = await requireViewer("guardrail.read");
  const id = idParams.safeParse({ id: (await props.params).ruleId }).data?.id ?? notFound();
  const row = (await findRuleRow(viewer, id)) ?? notFound();
  const { tab: asked } = await props.searchParams;
  const mayEdit = reachOf(viewer.principal.isAdmin ? "admin" : "member", "guardrail.set") !== null;
  return (
    <PageBody>
      <PageHeader
        breadcrumb={
          <Link href="/guardrails" className="hover:underline">
            Guardrails
          </Link>
        }
        title={row.rule.name}
        description={row.rule.description ?? row.type_label}
        actions={
          <>
            <ModeControl row={row} mayEdit={mayEdit} />
            {mayEdit ? <DeleteRule row={row} /> : null}
          </>
        }
      />
      <RuleFacts row={row} />
      {mayEdit ? <RuleTabs row={row} tab={asked === "backtest" ? "backtest" : "settings"} /> : null}
    </PageBody>
  );
}

function RuleTabs({ row, tab }: { row: RuleBoardRow; tab: "settings" | "backtest" }) {
  const type = showRuleForms().find((form) => form.type === row.rule.type);
  return (
    <>
      <LinkTabs label="Views" tabs={TABS} current={tab} />
      {tab === "backtest" ? (
        <BacktestPanel row={row} />
      ) : type === undefined ? (
        <p className="text-sm">This version of Conduit does not know rules of this type.</p>
      ) : (
        <div className="max-w-4xl">
          <RuleForm key={`${row.rule.id} ${row.rule.version}`} type={type} stored={row.rule} />
        </div>
      )}
    </>
  );
}
