"use client";

import type { SsoInfo } from "#lib/contract/sso.ts";
import { ActionForm } from "../../../_ui/action-form.tsx";
import { DirtyBar } from "../../../_ui/dirty-bar.tsx";
import { useActionForm } from "../../../_ui/use-action-form.ts";
import { useSectionSaved } from "../use-section-saved.ts";
import { AccessCard } from "./access-card.tsx";
import { saveSso } from "./actions.ts";
import { ProviderCard } from "./provider-card.tsx";
import { type SsoValues, ssoInput, ssoValues, type Team, valuesOfCurrent } from "./sso-values.ts";

const LABELS = {
  name: "Name",
  issuer: "Issuer",
  client_id: "Client id",
  client_secret: "Client secret",
  scopes: "Scopes",
  "claims.email": "Email claim",
  "claims.name": "Name claim",
  "claims.groups": "Groups claim",
  allowed_domains: "Allowed domains",
  default_team_id: "First team",
};

export interface SsoFormProps {
  info: SsoInfo;
  teams: readonly Team[];
  callbackUrl: string;
}

/** The identity provider, what its claims mean, and who may come in. */
export function SsoForm({ info, teams, callbackUrl }: SsoFormProps) {
  const form = useActionForm<SsoValues, unknown>({
    name: "sso-settings",
    action: saveSso,
    initial: ssoValues(info.config),
    toInput: ssoInput,
    schema: () => import("#lib/contract/sso.ts").then((found) => found.ssoChange),
    version: info.version,
    fromCurrent: valuesOfCurrent,
    secretFields: ["client_secret"],
    onDone: useSectionSaved(),
  });
  return (
    <ActionForm form={form} labels={LABELS} className="gap-6">
      <ProviderCard form={form} hasSecret={info.hasSecret} callbackUrl={callbackUrl} />
      <AccessCard form={form} teams={teams} />
      <DirtyBar isDirty={form.isDirty} isPending={form.isPending} onDiscard={form.reset} />
    </ActionForm>
  );
}
