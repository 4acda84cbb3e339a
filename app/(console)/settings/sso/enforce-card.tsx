"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import type { SsoInfo } from "#lib/contract/sso.ts";
import { Chip } from "../../../_ui/chip.tsx";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { Field } from "../../../_ui/field.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../../_ui/primitives/card.tsx";
import { Select } from "../../../_ui/primitives/select.tsx";
import { saveEnforcement } from "./actions.ts";

export interface EnforceCardProps {
  info: SsoInfo;
}

/** Takes the password away from the allowed domains, but for one account. */
export function EnforceCard({ info }: EnforceCardProps) {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const [glassId, setGlassId] = useState(info.break_glass_user_id);
  const missing = info.enforced ? [] : missingFor(info, glassId);
  const domains = info.config.allowed_domains.join(", ");
  const verb = info.enforced ? "Allow passwords" : "Enforce";
  return (
    <Card>
      <CardHeader>
        <CardTitle className="flex items-center gap-2">
          Enforcement
          <Chip tone={info.enforced ? "success" : "neutral"}>{info.enforced ? "On" : "Off"}</Chip>
        </CardTitle>
        <Button disabled={missing.length > 0} onClick={() => setOpen(true)}>
          {info.enforced ? "Allow passwords again" : "Enforce single sign-on"}
        </Button>
        <CardDescription>
          People of the allowed domains then sign in through the identity provider alone.
        </CardDescription>
      </CardHeader>
      <CardBody className="flex max-w-xl flex-col gap-4">
        <Field
          label="Emergency account"
          hint="An admin whose password goes on working, for the day the identity provider is down."
        >
          {(control) => (
            <Select
              {...control}
              options={info.passwordAdmins.map(({ id, email }) => ({ value: id, label: email }))}
              value={glassId}
              placeholder={info.passwordAdmins.length === 0 ? "No admin has a password" : "Choose"}
              disabled={info.enforced || info.passwordAdmins.length === 0}
              onValueChange={setGlassId}
            />
          )}
        </Field>
        {missing.length === 0 ? null : (
          <div className="text-muted-fg text-sm">
            <p>Before it can be enforced:</p>
            <ul className="list-disc pl-5">
              {missing.map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
          </div>
        )}
      </CardBody>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={info.enforced ? "Allow passwords again" : "Enforce single sign-on"}
        verb={verb}
        isDanger={!info.enforced}
        effect={
          info.enforced
            ? `People of ${domains} can use their passwords again.`
            : `Passwords of ${domains} stop working at once, but for the emergency account. Sessions that are open stay.`
        }
        action={saveEnforcement}
        input={{
          enforced: !info.enforced,
          break_glass_user_id: glassId,
          expected_version: info.version,
        }}
        onDone={() => {
          toast.success(info.enforced ? "Passwords work again" : "Single sign-on is enforced");
          router.refresh();
        }}
      />
    </Card>
  );
}

function missingFor(info: SsoInfo, glassId: string | null): string[] {
  const { test, config } = info;
  const isTested = test?.isCurrent === true && test.account !== "refused";
  return [
    ...(config.allowed_domains.length > 0 ? [] : ["Name the domains that it is enforced for."]),
    ...(isTested ? [] : ["Pass a test sign-in with the settings as they are."]),
    ...(glassId === null ? ["Choose the emergency account."] : []),
  ];
}
