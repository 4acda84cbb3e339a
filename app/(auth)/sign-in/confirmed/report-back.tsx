"use client";

import { useEffect } from "react";
import { SSO_CHANNEL, type SsoMessage } from "../../../_ui/use-sso-popup.ts";

export interface ReportBackProps {
  message: SsoMessage;
}

/** Tells the page that waits for it. A window that a script has opened may also close itself. */
export function ReportBack({ message }: ReportBackProps) {
  useEffect(() => {
    const channel = new BroadcastChannel(SSO_CHANNEL);
    channel.postMessage(message);
    channel.close();
    if (message === "done") {
      window.close();
    }
  }, [message]);
  return null;
}
