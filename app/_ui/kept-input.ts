"use client";

import { useMemo } from "react";

interface KeptInput<Values> {
  keep: (values: Values) => void;
  /** What was kept, once. */
  take: () => Partial<Values> | undefined;
}

/**
 * Carries what somebody has typed over a reload of the page, in this tab only. Secrets stay out.
 */
export function useKeptInput<Values extends Readonly<Record<string, unknown>>>(
  name: string,
  secretFields: readonly string[],
): KeptInput<Values> {
  const secrets = secretFields.join(",");
  return useMemo(
    () => keptInput<Values>(`conduit.input:${name}`, secrets.split(",")),
    [name, secrets],
  );
}

function keptInput<Values>(key: string, secrets: readonly string[]): KeptInput<Values> {
  return {
    keep: (values) => {
      const open = Object.entries(values as object).filter(([field]) => !secrets.includes(field));
      try {
        sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(open)));
      } catch {
        // Storage is full or forbidden: the reload then starts with an empty form.
      }
    },
    take: () => {
      try {
        const kept = sessionStorage.getItem(key);
        sessionStorage.removeItem(key);
        // What `keep` wrote, in the same tab: values of this form.
        return kept === null ? undefined : (JSON.parse(kept) as Partial<Values>);
      } catch {
        return undefined;
      }
    },
  };
}
