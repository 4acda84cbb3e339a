import type { Metadata } from "next";
import { headers } from "next/headers";
import { showFrame } from "#lib/console/frame.ts";
import { callbackAddress, showSso } from "#lib/console/sso.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { Skeleton } from "../../../_ui/primitives/skeleton.tsx";
import { Section } from "../../../_ui/section.tsx";
import { EnforceCard } from "./enforce-card.tsx";
import { RemoveCard } from "./remove-card.tsx";
import { SsoForm } from "./sso-form.tsx";
import { TestCard } from "./test-card.tsx";

export const metadata: Metadata = { title: "Single sign-on" };

export default async function SsoPage() {
  const viewer = await requireViewer("sso.set");
  return (
    <>
      <PageHeader
        title="Single sign-on"
        description="Let people in through your identity provider, by OpenID Connect."
      />
      <Section what="the settings of single sign-on" fallback={<Skeleton className="h-[48rem]" />}>
        <SsoSections viewer={viewer} />
      </Section>
    </>
  );
}

async function SsoSections({ viewer }: { viewer: Viewer }) {
  const info = await showSso(viewer);
  const { teams } = await showFrame(viewer);
  const callbackUrl = callbackAddress(await headers());
  return (
    <div className="flex min-w-0 flex-col gap-6">
      <SsoForm key={info.version} info={info} teams={teams} callbackUrl={callbackUrl} />
      {info.isConfigured ? (
        <>
          <TestCard test={info.test} teams={teams} />
          <EnforceCard key={`enforce-${info.version}`} info={info} />
          <RemoveCard name={info.config.name} />
        </>
      ) : null}
    </div>
  );
}
