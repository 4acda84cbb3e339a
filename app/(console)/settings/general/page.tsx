import type { Metadata } from "next";
import { headers } from "next/headers";
import { publicUrl, showSettings } from "#lib/console/settings.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { Skeleton } from "../../../_ui/primitives/skeleton.tsx";
import { Section } from "../../../_ui/section.tsx";
import { AddressCheck } from "./address-check.tsx";
import { GeneralForm } from "./general-form.tsx";

export const metadata: Metadata = { title: "General settings" };

export default async function GeneralPage() {
  const viewer = await requireViewer("setting.read");
  return (
    <>
      <PageHeader
        title="General"
        description="What this install is called, how it is reached, and what new keys start with."
      />
      <Section what="the address check" fallback={<Skeleton className="h-36" />}>
        <Address />
      </Section>
      <Section what="the general settings" fallback={<Skeleton className="h-[48rem]" />}>
        <Form viewer={viewer} />
      </Section>
    </>
  );
}

async function Form({ viewer }: { viewer: Viewer }) {
  const info = await showSettings(viewer, "general");
  return <GeneralForm key={info.version} info={info} publicUrl={publicUrl()} />;
}

async function Address() {
  const asked = await headers();
  return (
    <AddressCheck
      publicUrl={publicUrl()}
      host={asked.get("host")}
      forwardedHost={asked.get("x-conduit-forwarded-host")}
      forwardedProto={asked.get("x-forwarded-proto")}
    />
  );
}
