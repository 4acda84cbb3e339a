"use client";

import type { PromptPage } from "#lib/contract/prompt-board.ts";
import type { PromptTabId } from "../prompt-href.ts";
import { ComparePart } from "./compare-part.tsx";
import { PromptCode } from "./prompt-code.tsx";
import { RenderPart } from "./render-part.tsx";
import { UsagePart } from "./usage-part.tsx";
import { VersionView } from "./version-view.tsx";

export interface PromptPartProps {
  page: PromptPage;
  tab: PromptTabId;
  /** The versions that the address wants to see beside each other. */
  compared: { a: number | null; b: number | null };
  mayWrite: boolean;
  baseUrl: string | null;
}

/** The part of the page that is open. */
export function PromptPart({ page, tab, compared, mayWrite, baseUrl }: PromptPartProps) {
  switch (tab) {
    case "template":
      return <VersionView page={page} mayWrite={mayWrite} />;
    case "render":
      return <RenderPart version={page.version} />;
    case "compare":
      return <ComparePart page={page} compared={compared} />;
    case "usage":
      return <UsagePart name={page.prompt.name} />;
    case "code":
      return <PromptCode page={page} baseUrl={baseUrl} />;
    default:
      return tab satisfies never;
  }
}
