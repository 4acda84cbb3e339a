"use client";

import { useSyncExternalStore } from "react";

/** An origin does not change while a page is open. */
const unchanging = () => () => undefined;

/** The origin of this page; `null` on the server, which does not know by which name it was reached. */
export function useOrigin(): string | null {
  return useSyncExternalStore(
    unchanging,
    () => window.location.origin,
    () => null,
  );
}
