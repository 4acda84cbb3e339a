"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { withBasePath } from "../../_ui/base-path.ts";

/**
 * The step in the address. Going back and forth changes the address alone, so that nothing that was
 * typed is lost. A step that is not open yet leads to the furthest one that is.
 */
export function useStep(reached: number): { step: number; go: (step: number) => void } {
  const pathname = usePathname();
  const wanted = Number(useSearchParams().get("step") ?? reached);
  const step = Number.isInteger(wanted) && wanted >= 1 ? Math.min(wanted, reached) : reached;
  return {
    step,
    go: (next) => {
      window.history.pushState(null, "", `${withBasePath(asPath(pathname))}?step=${next}`);
    },
  };
}

function asPath(pathname: string): `/${string}` {
  return pathname.startsWith("/") ? (pathname as `/${string}`) : `/${pathname}`;
}
