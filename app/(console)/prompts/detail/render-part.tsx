"use client";

import type { PromptVersionInfo } from "#lib/contract/prompt.ts";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../../_ui/primitives/card.tsx";
import { RenderPanel } from "../render-panel.tsx";

export interface RenderPartProps {
  version: PromptVersionInfo;
}

/** The open version with values. */
export function RenderPart({ version }: RenderPartProps) {
  return (
    <Card>
      <CardHeader>
        <CardTitle>Render version {version.version}</CardTitle>
        <CardDescription>
          The messages that a request would send. Nothing is called.
        </CardDescription>
      </CardHeader>
      <CardBody>
        <RenderPanel
          messages={version.messages}
          variables={version.variables}
          model={version.model_hint}
        />
      </CardBody>
    </Card>
  );
}
