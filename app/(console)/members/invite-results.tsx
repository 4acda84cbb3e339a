"use client";

import { CircleAlert } from "lucide-react";
import type { InviteResult } from "#lib/contract/people.ts";
import { LinkField } from "../../_ui/link-field.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Dialog, DialogContent, DialogFooter, DialogTitle } from "../../_ui/primitives/dialog.tsx";

export interface InviteResultsProps {
  /** Null while there is nothing to show; the links are nowhere else. */
  results: readonly InviteResult[] | null;
  onClose: () => void;
}

/** A link for each address, or why there is none. */
export function InviteResults({ results, onClose }: InviteResultsProps) {
  const made = results?.filter(({ link }) => link !== null).length ?? 0;
  return (
    <Dialog open={results !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent className="sm:max-w-2xl">
        <DialogTitle>{made === 1 ? "1 invitation link" : `${made} invitation links`}</DialogTitle>
        <p className="text-sm">
          Pass each on by a channel that only its owner reads. The links are shown this once; a new
          one can be made from the list.
        </p>
        <ul className="flex flex-col gap-3">
          {results?.map(({ email, link, error }) => (
            <li key={email} className="flex min-w-0 flex-col gap-1">
              <span className="break-all font-medium text-sm">{email}</span>
              {link === null ? (
                <span className="flex items-start gap-1.5 text-danger text-sm">
                  <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
                  {error}
                </span>
              ) : (
                <LinkField link={link} label={`Invitation link of ${email}`} />
              )}
            </li>
          ))}
        </ul>
        <DialogFooter>
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
