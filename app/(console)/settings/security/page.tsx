import type { Metadata } from "next";
import { showMasterKeys } from "#lib/console/install.ts";
import { showSettings } from "#lib/console/settings.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { Skeleton } from "../../../_ui/primitives/skeleton.tsx";
import { Section } from "../../../_ui/section.tsx";
import { MasterKeys } from "./master-keys.tsx";
import { SecurityForm } from "./security-form.tsx";
import { SignEveryoneOut } from "./sign-everyone-out.tsx";

export const metadata: Metadata = { title: "Security" };

export default async function SecurityPage() {
  const viewer = await requireViewer("setting.read");
  return (
    <>
      <PageHeader
        title="Security"
        description="Sessions, the networks of the console, and the keys that seal what is stored."
      />
      <Section what="the security settings" fallback={<Skeleton className="h-[32rem]" />}>
        <Form viewer={viewer} />
      </Section>
      <SignEveryoneOut />
      <Section what="the encryption keys" fallback={<Skeleton className="h-48" />}>
        <Keys viewer={viewer} />
      </Section>
    </>
  );
}

async function Form({ viewer }: { viewer: Viewer }) {
  const info = await showSettings(viewer, "security");
  return <SecurityForm key={info.version} info={info} ownAddress={viewer.ip} />;
}

async function Keys({ viewer }: { viewer: Viewer }) {
  return <MasterKeys keys={await showMasterKeys(viewer)} />;
}
