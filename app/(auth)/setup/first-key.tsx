"use client";

import type { Route } from "next";
import Link from "next/link";
import { useState } from "react";
import type { RevealedKey } from "#lib/contract/api-key-console.ts";
import { FirstRequest } from "../../_ui/first-request.tsx";
import { buttonClass } from "../../_ui/primitives/button.tsx";
import { SecretReveal } from "../../_ui/secret-reveal.tsx";
import { FirstRequestLine } from "./first-request-line.tsx";

export interface FirstKeyProps {
  revealed: RevealedKey;
}

/** The key, how to use it, and what comes in. The setup is over by now. */
export function FirstKey({ revealed }: FirstKeyProps) {
  const [isSafe, setSafe] = useState(false);
  return (
    <div className="flex flex-col gap-5">
      <SecretReveal secret={revealed.key} what="key" onSafe={() => setSafe(true)}>
        {revealed.model === null ? (
          <p className="text-muted-fg text-sm">
            There is no model yet. Add one under Models, then this key can use it.
          </p>
        ) : (
          <FirstRequest model={revealed.model} baseUrl={revealed.base_url} />
        )}
      </SecretReveal>
      <FirstRequestLine keyId={revealed.id} />
      {isSafe ? (
        <Link
          href={"/overview" as Route}
          className={`${buttonClass({ variant: "primary", size: "lg" })} self-end`}
        >
          Open the console
        </Link>
      ) : (
        <p className="text-right text-muted-fg text-sm">
          Copy the key, or tick that it is stored, to go on.
        </p>
      )}
    </div>
  );
}
