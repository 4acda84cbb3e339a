"use client";

import { Button } from "./primitives/button.tsx";

/** Conduit was updated under an open page. What was typed is put back after the reload. */
export function OutdatedNotice() {
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center justify-between gap-3 rounded-lg border border-warning bg-surface p-3 text-sm"
    >
      <p>Conduit was updated. Reload the page to save; what you typed is kept.</p>
      <Button onClick={() => window.location.reload()}>Reload</Button>
    </div>
  );
}
