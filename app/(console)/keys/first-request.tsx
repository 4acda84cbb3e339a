"use client";

import { useState } from "react";
import { BASE_PATH } from "../../_ui/base-path.ts";
import { SwitchOption } from "../../_ui/primitives/switch.tsx";
import { Snippet } from "../../_ui/snippet.tsx";
import { useOrigin } from "../../_ui/use-origin.ts";
import { samplesOf } from "./key-snippets.ts";

export interface FirstRequestProps {
  model: string | null;
  /** Where the install says it is; the browser's own address otherwise. */
  baseUrl: string | null;
  /** Where the secret is known its place in the code can be filled. */
  secret?: string;
}

/** Code that makes a first request. The secret stays out of it until somebody asks for it. */
export function FirstRequest({ model, baseUrl, secret }: FirstRequestProps) {
  const [isInserted, setInserted] = useState(false);
  const here = useOrigin();
  if (model === null) {
    return (
      <p className="text-muted-fg text-sm">
        No model answers this key yet. Add a deployment, or allow the key one that is there.
      </p>
    );
  }
  const origin = baseUrl ?? `${here ?? ""}${BASE_PATH}`;
  const samples = samplesOf({
    baseUrl: `${origin}/v1`,
    model,
    secret: isInserted ? (secret ?? null) : null,
  });
  return (
    <div className="flex flex-col gap-2">
      <Snippet samples={samples} />
      {secret === undefined ? null : (
        <SwitchOption
          label="Insert the key into the code"
          checked={isInserted}
          onCheckedChange={setInserted}
        />
      )}
    </div>
  );
}
