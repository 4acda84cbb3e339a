"use client";

import type { PromptPage } from "#lib/contract/prompt-board.ts";
import { Card, CardBody, CardHeader, CardTitle } from "../../../_ui/primitives/card.tsx";
import { MessageList } from "../../../_ui/prompts/message-list.tsx";
import { DeleteVersion } from "./delete-version.tsx";
import { LabelEditor } from "./label-editor.tsx";
import { VariableList } from "./variable-list.tsx";

export interface VersionViewProps {
  page: PromptPage;
  mayWrite: boolean;
}

/** One version as it was saved: what it says, what it can be given, which labels lead to it. */
export function VersionView({ page, mayWrite }: VersionViewProps) {
  const { version } = page;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <MessageList messages={version.messages} isTemplate />
      <Card>
        <CardHeader>
          <CardTitle>Variables</CardTitle>
        </CardHeader>
        <CardBody>
          <VariableList version={version} />
        </CardBody>
      </Card>
      <Card>
        <CardHeader>
          <CardTitle>Labels and model</CardTitle>
        </CardHeader>
        <CardBody className="flex flex-col gap-4">
          <LabelEditor page={page} mayWrite={mayWrite} />
          <p className="text-sm">
            {version.model_hint === null ? (
              <span className="text-muted-fg">
                Requests have to name a model; this version names none.
              </span>
            ) : (
              <>
                Requests that name no model ask <code>{version.model_hint}</code>.
              </>
            )}
          </p>
        </CardBody>
      </Card>
      {mayWrite ? <DeleteVersion page={page} /> : null}
    </div>
  );
}
