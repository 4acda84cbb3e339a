import Link from "next/link";
import { tabClass, tabListClass } from "../../../_ui/primitives/tabs.tsx";
import { type PromptTabId, promptHref } from "../prompt-href.ts";

const LABELS = {
  template: "Template",
  render: "Render",
  compare: "Compare",
  usage: "Usage",
  code: "Code",
} as const satisfies Record<PromptTabId, string>;

export interface PromptTabsProps {
  name: string;
  version: number;
  tab: PromptTabId;
}

/** The parts of a prompt's page, all of them about the version that is open. */
export function PromptTabs({ name, version, tab }: PromptTabsProps) {
  return (
    <nav aria-label="Parts of the prompt" className={tabListClass}>
      {(Object.keys(LABELS) as PromptTabId[]).map((id) => (
        <Link
          key={id}
          href={promptHref(name, { v: version, tab: id === "template" ? null : id })}
          aria-current={id === tab ? "page" : undefined}
          scroll={false}
          className={tabClass}
        >
          {LABELS[id]}
        </Link>
      ))}
    </nav>
  );
}
