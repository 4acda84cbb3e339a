"use client";

import { Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import type { AliasImpact } from "#lib/contract/alias-board.ts";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { formatCount } from "../../_ui/format.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import { type IslandState, useIsland } from "../../_ui/use-island.ts";
import { deleteAlias } from "./actions.ts";

interface DeleteAliasProps {
  name: string;
}

/** Takes the name away; who still asks for it gets "model not found". */
export function DeleteAlias({ name }: DeleteAliasProps) {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const path = `/api/console/routing/impact?name=${encodeURIComponent(name)}` as const;
  const impact = useIsland<AliasImpact>(isOpen ? path : null);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Trash2 aria-hidden /> Delete
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={`Delete ${name}`}
        verb="Delete"
        effect={<Effect impact={impact} />}
        typedName={name}
        action={deleteAlias}
        input={{ name }}
        onDone={() => {
          toast(`${name} is deleted`);
          router.push("/routing");
        }}
      />
    </>
  );
}

function Effect({ impact: { data, error } }: { impact: IslandState<AliasImpact> }) {
  if (error !== null) {
    return <p>Who uses it could not be counted: {error.message}</p>;
  }
  if (data === undefined) {
    return <Skeleton className="h-12" />;
  }
  return (
    <ul className="flex list-disc flex-col gap-1 pl-4">
      <li>{formatCount(data.requests_24h)} requests asked for it in the last 24 hours.</li>
      {data.keys.length === 0 ? (
        <li>No key lists it by name.</li>
      ) : (
        <li>Keys that list it: {data.keys.join(", ")}.</li>
      )}
      {data.aliases.length === 0 ? null : (
        <li>Aliases that fall back to it: {data.aliases.join(", ")}.</li>
      )}
      <li>Requests for it will be answered with 404, unless a model has the same name.</li>
    </ul>
  );
}
