import type { ReactNode } from "react";
import { requireViewer } from "#lib/console/viewer.ts";
import { PageBody } from "../../_ui/page-body.tsx";
import { SettingsNav } from "./settings-nav.tsx";

interface SettingsLayoutProps {
  children: ReactNode;
}

export default async function SettingsLayout({ children }: SettingsLayoutProps) {
  await requireViewer("setting.read");
  return (
    <PageBody>
      <div className="grid min-w-0 gap-6 md:grid-cols-[10rem_minmax(0,1fr)]">
        <SettingsNav />
        <div className="flex min-w-0 flex-col gap-6">{children}</div>
      </div>
    </PageBody>
  );
}
