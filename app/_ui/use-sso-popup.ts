"use client";

import { useEffect, useRef, useState } from "react";
import { withBasePath } from "./base-path.ts";

/** The window that comes back from the identity provider says so here. */
export const SSO_CHANNEL = "conduit.sso";
export type SsoMessage = "done" | "failed";

const FEATURES = "popup,width=520,height=700";

export interface SsoPopupOptions {
  intent: "step-up" | "sign-in" | "test";
  onDone: () => void;
}

interface SsoPopup {
  open: () => void;
  isWaiting: boolean;
  error: string | null;
}

/**
 * Sends the person to the identity provider in a window of its own. The window cannot be watched:
 * the policy that keeps other sites away from our pages cuts the tie to it, too, so it reports back
 * over a channel that only pages of this origin hear.
 */
export function useSsoPopup({ intent, onDone }: SsoPopupOptions): SsoPopup {
  const [isWaiting, setWaiting] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const done = useRef(onDone);
  useEffect(() => {
    done.current = onDone;
  });

  useEffect(() => {
    if (!isWaiting) {
      return;
    }
    const channel = new BroadcastChannel(SSO_CHANNEL);
    channel.onmessage = ({ data }: MessageEvent<SsoMessage>) => {
      setWaiting(false);
      if (data === "done") {
        done.current();
      } else {
        setError("The identity provider did not confirm that it is you.");
      }
    };
    return () => channel.close();
  }, [isWaiting]);

  function open() {
    setError(null);
    const query = new URLSearchParams({ intent, callbackUrl: "/sign-in/confirmed" });
    const popup = window.open(withBasePath(`/api/auth/start?${query}`), "conduit-sso", FEATURES);
    if (popup === null) {
      setError("The browser did not open a window. Allow pop-ups for this page and try again.");
      return;
    }
    setWaiting(true);
  }

  return { open, isWaiting, error };
}
