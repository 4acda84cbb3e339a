"use client";

import { CodeBlock } from "./code-block.tsx";
import { Tab, TabList, TabPanel, Tabs } from "./primitives/tabs.tsx";

export interface SnippetProps {
  /** One tab each, the first one open. */
  samples: readonly { id: string; label: string; code: string }[];
}

/** `<Snippet samples={[{ id: "python", label: "Python", code }, …]} />` */
export function Snippet({ samples }: SnippetProps) {
  return (
    <Tabs defaultValue={samples[0]?.id}>
      <TabList>
        {samples.map(({ id, label }) => (
          <Tab key={id} value={id}>
            {label}
          </Tab>
        ))}
      </TabList>
      {samples.map(({ id, label, code }) => (
        <TabPanel key={id} value={id}>
          <CodeBlock code={code} what={`${label} example`} />
        </TabPanel>
      ))}
    </Tabs>
  );
}
