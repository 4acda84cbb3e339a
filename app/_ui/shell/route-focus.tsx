"use client";

import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";

const WAIT_MS = 3000;

/** After a change of page the focus goes to its heading, so that a screen reader starts there. */
export function RouteFocus() {
  const pathname = usePathname();
  const shown = useRef(pathname);

  useEffect(() => {
    if (shown.current === pathname) {
      return;
    }
    shown.current = pathname;
    if (focusHeading()) {
      return;
    }
    // The page is still on its way.
    const observer = new MutationObserver(() => {
      if (focusHeading()) {
        observer.disconnect();
      }
    });
    observer.observe(document.body, { childList: true, subtree: true });
    const timer = setTimeout(() => observer.disconnect(), WAIT_MS);
    return () => {
      observer.disconnect();
      clearTimeout(timer);
    };
  }, [pathname]);

  return null;
}

function focusHeading(): boolean {
  const heading = document.querySelector<HTMLElement>("main h1");
  if (heading === null) {
    return false;
  }
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  return true;
}
