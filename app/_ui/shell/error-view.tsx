"use client";

import { CopyButton } from "../copy-button.tsx";
import { Button } from "../primitives/button.tsx";
import { PlainPage } from "./plain-page.tsx";

export interface ErrorViewProps {
  /** The mark under which the server's log has the reason. */
  digest: string | null;
  retry: () => void;
}

/** A page that could not be made; the way around it stays usable. */
export function ErrorView({ digest, retry }: ErrorViewProps) {
  return (
    <PlainPage title="This page could not be shown">
      <p>
        Nothing was changed. The server's log has the reason
        {digest === null ? "." : " under this mark:"}
      </p>
      {digest === null ? null : (
        <p className="flex items-center gap-2">
          <code className="font-mono">{digest}</code>
          <CopyButton text={digest} what="mark" />
        </p>
      )}
      <Button variant="primary" onClick={retry}>
        Try again
      </Button>
    </PlainPage>
  );
}
