import type { Metadata } from "next";
import { showProfile } from "#lib/console/profile.ts";
import { showSsoName } from "#lib/console/sign-in-page.ts";
import { requireViewer } from "#lib/console/viewer.ts";
import { PageBody } from "../../_ui/page-body.tsx";
import { PageHeader } from "../../_ui/page-header.tsx";
import { NameForm } from "./name-form.tsx";
import { PasswordForm } from "./password-form.tsx";
import { PreferencesCard } from "./preferences-card.tsx";
import { SessionList } from "./session-list.tsx";

export const metadata: Metadata = { title: "Profile" };

export default async function ProfilePage() {
  const viewer = await requireViewer("profile.use");
  const profile = await showProfile(viewer);
  return (
    <PageBody>
      <PageHeader
        title="Profile"
        description="Your account, how the console looks to you, and where you are signed in."
      />
      <div className="grid min-w-0 items-start gap-6 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-6">
          <NameForm key={profile.name} name={profile.name} email={profile.email} />
          <PasswordForm
            hasPassword={profile.hasPassword}
            email={profile.email}
            ssoName={profile.hasSso ? await showSsoName() : null}
          />
        </div>
        <PreferencesCard />
      </div>
      <SessionList sessions={profile.sessions} />
    </PageBody>
  );
}
