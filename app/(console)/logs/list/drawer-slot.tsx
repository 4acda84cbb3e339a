"use client";

import dynamic from "next/dynamic";
import { useLogUrl } from "../use-log-url.ts";

// The list is there first; a request is explained once somebody opens it.
const LogDrawer = dynamic(() =>
  import("../entry/log-drawer.tsx").then((module) => module.LogDrawer),
);

/** The request that `?log=` names. */
export function DrawerSlot() {
  const id = useLogUrl().params.get("log");
  return id === null ? null : <LogDrawer id={id} />;
}
