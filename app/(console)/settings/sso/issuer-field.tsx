"use client";

import { CircleCheck } from "lucide-react";
import { useState, useTransition } from "react";
import { Field } from "../../../_ui/field.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import { useSessionGuard } from "../../../_ui/session-guard.tsx";
import type { ActionForm } from "../../../_ui/use-action-form.ts";
import { discoverIssuer } from "./actions.ts";
import type { SsoValues } from "./sso-values.ts";

interface Finding {
  issuer: string;
  scopes: string[];
  claims: string[];
}

export interface IssuerFieldProps {
  form: ActionForm<SsoValues>;
}

/** The issuer's address, and a button that asks it what it can do. */
export function IssuerField({ form }: IssuerFieldProps) {
  const guard = useSessionGuard();
  const [finding, setFinding] = useState<Finding | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();
  const { issuer } = form.values;

  function ask() {
    setFinding(null);
    setProblem(null);
    startTransition(async () => {
      const result = await guard.run(() => discoverIssuer({ issuer }));
      if (result.ok) {
        setFinding(result.value);
        form.set("issuer", result.value.issuer);
      } else {
        setProblem(result.fieldErrors["issuer"] ?? result.formError);
      }
    });
  }

  return (
    <div className="flex flex-col gap-2">
      <Field
        label="Issuer"
        isRequired
        error={form.errors["issuer"] ?? problem ?? undefined}
        hint="Such as https://id.example.com/realms/staff. Conduit reads its .well-known/openid-configuration."
      >
        {(control) => (
          <span className="flex flex-wrap gap-2">
            <Input
              {...control}
              {...form.text("issuer")}
              type="url"
              inputMode="url"
              spellCheck={false}
              className="min-w-0 flex-1 basis-60"
            />
            <Button size="lg" onClick={ask} isPending={isPending} disabled={issuer.trim() === ""}>
              Discover
            </Button>
          </span>
        )}
      </Field>
      <div role="status">
        {finding === null ? null : (
          <div className="flex flex-col gap-1 rounded-md border border-border px-3 py-2 text-sm">
            <p className="flex items-center gap-2">
              <CircleCheck aria-hidden className="size-4 shrink-0 text-success" />
              <span className="min-w-0 break-all">{finding.issuer} answers.</span>
            </p>
            <Known label="Scopes" names={finding.scopes} />
            <Known label="Claims" names={finding.claims} />
          </div>
        )}
      </div>
    </div>
  );
}

interface KnownProps {
  label: string;
  names: readonly string[];
}

function Known({ label, names }: KnownProps) {
  return names.length === 0 ? null : (
    <p className="break-words text-muted-fg text-xs">
      {label}: {names.join(", ")}
    </p>
  );
}
