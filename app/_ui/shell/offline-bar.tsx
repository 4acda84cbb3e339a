"use client";

import { WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";

/** Says that the network is away, as long as it is. */
export function OfflineBar() {
  const isOnline = useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  );
  return (
    <div role="status">
      {isOnline ? null : (
        <p className="flex items-center gap-2 bg-chip-warning-bg px-4 py-2 text-chip-warning-fg text-sm">
          <WifiOff aria-hidden className="size-4 shrink-0" />
          You are offline. What you see may be old, and nothing can be saved.
        </p>
      )}
    </div>
  );
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}
