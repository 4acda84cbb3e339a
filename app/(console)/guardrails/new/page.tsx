import type { Metadata } from "next";
import Link from "next/link";
import { showRuleForms } from "#lib/console/guardrail-form.ts";
import { requireViewer } from "#lib/console/viewer.ts";
import { PageBody } from "../../../_ui/page-body.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { Stepper } from "../../../_ui/stepper.tsx";
import { RuleForm } from "../rule-form.tsx";
import { TypeCards } from "./type-cards.tsx";

export const metadata: Metadata = { title: "New rule" };

export default async function NewRulePage({ searchParams }: PageProps<"/guardrails/new">) {
  await requireViewer("guardrail.set");
  const { type: asked } = await searchParams;
  const forms = showRuleForms();
  const type = forms.find((form) => form.type === asked);
  return (
    <PageBody>
      <PageHeader
        breadcrumb={
          <Link href="/guardrails" className="hover:underline">
            Guardrails
          </Link>
        }
        title="New rule"
        description="What to look for, where, and what to do about it. A new rule starts in shadow mode."
      />
      <Stepper steps={["Type", "Details"]} current={type === undefined ? 1 : 2} />
      {type === undefined ? (
        <TypeCards forms={forms} />
      ) : (
        <>
          <p className="text-sm">
            {type.label}.{" "}
            <Link
              href="/guardrails/new"
              className="text-primary underline-offset-4 hover:underline"
            >
              Choose another type
            </Link>
          </p>
          <div className="max-w-4xl">
            <RuleForm key={type.type} type={type} />
          </div>
        </>
      )}
    </PageBody>
  );
}
