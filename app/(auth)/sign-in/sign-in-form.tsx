"use client";

import { useActionState, useState } from "react";
import { domainOf, type SsoOffer } from "#lib/contract/sso.ts";
import { Field } from "../../_ui/field.tsx";
import { FormError } from "../../_ui/form-error.tsx";
import { PasswordInput } from "../../_ui/password-input.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { SsoLink } from "../../_ui/sso-link.tsx";
import { signIn } from "./actions.ts";

export interface SignInFormProps {
  callbackUrl: string;
  sso: SsoOffer | undefined;
  /** What went wrong at the identity provider. */
  error: string | null;
}

/** Email and password, and single sign-on above them when there is one. */
export function SignInForm({ callbackUrl, sso, error }: SignInFormProps) {
  const [state, submit, isPending] = useActionState(signIn, { error, email: "" });
  // The boxes are the document's own: what is typed before this script runs must not be lost. Their
  // default follows what is typed, and is what the document goes back to after a refused try.
  const [typed, setTyped] = useState("");
  const email = typed === "" ? state.email : typed;
  const [password, setPassword] = useState("");
  const [insists, setInsists] = useState(false);
  const isEnforced = sso?.enforcedDomains.includes(domainOf(email.trim())) === true;
  const hidesPassword = isEnforced && !insists;
  return (
    <div className="flex flex-col gap-5">
      <FormError>{isPending ? null : state.error}</FormError>
      {sso === undefined || hidesPassword ? null : (
        <>
          <SsoLink name={sso.name} callbackUrl={callbackUrl} variant="outline" />
          <p className="flex items-center gap-3 text-muted-fg text-xs before:h-px before:flex-1 before:bg-border after:h-px after:flex-1 after:bg-border">
            or
          </p>
        </>
      )}
      <form action={submit} className="flex flex-col gap-4">
        <input type="hidden" name="callbackUrl" value={callbackUrl} />
        <Field label="Email">
          {(control) => (
            <Input
              {...control}
              name="email"
              type="email"
              autoComplete="username"
              required
              defaultValue={email}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        {hidesPassword ? (
          <>
            <SsoLink name={sso?.name ?? ""} callbackUrl={callbackUrl} variant="primary" />
            <Button variant="link" className="self-start" onClick={() => setInsists(true)}>
              Use an emergency password
            </Button>
          </>
        ) : (
          <>
            <Field label="Password">
              {(control) => (
                <PasswordInput
                  {...control}
                  name="password"
                  autoComplete="current-password"
                  required
                  defaultValue={password}
                  onChange={(event) => setPassword(event.target.value)}
                />
              )}
            </Field>
            <Button type="submit" variant="primary" size="lg" isPending={isPending}>
              Sign in
            </Button>
          </>
        )}
      </form>
      <p className="text-muted-fg text-xs">Forgot your password? Ask an admin for a reset link.</p>
    </div>
  );
}
