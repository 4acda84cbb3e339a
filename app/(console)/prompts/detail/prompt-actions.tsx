"use client";

import { Ellipsis, Plus } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import type { PromptPage } from "#lib/contract/prompt-board.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { Button, buttonClass } from "../../../_ui/primitives/button.tsx";
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuSeparator,
  MenuTrigger,
} from "../../../_ui/primitives/menu.tsx";
import { deletePrompt } from "../actions.ts";
import { editHref } from "../prompt-href.ts";
import { DescribePrompt } from "./describe-prompt.tsx";
import { RequestsOf } from "./requests-of.tsx";

export interface PromptActionsProps {
  page: PromptPage;
}

/** What can be done with a prompt as a whole. */
export function PromptActions({ page: { prompt, version, versions } }: PromptActionsProps) {
  const router = useRouter();
  const [open, setOpen] = useState<"describe" | "delete" | null>(null);
  return (
    <>
      <Link
        href={editHref(prompt.name, version.version)}
        className={buttonClass({ variant: "primary" })}
      >
        <Plus aria-hidden /> New version
      </Link>
      <Menu>
        <MenuTrigger render={<Button size="icon" aria-label="More actions" />}>
          <Ellipsis aria-hidden />
        </MenuTrigger>
        <MenuContent>
          <MenuItem onClick={() => setOpen("describe")}>Edit description</MenuItem>
          <MenuSeparator />
          <MenuItem isDanger onClick={() => setOpen("delete")}>
            Delete prompt
          </MenuItem>
        </MenuContent>
      </Menu>
      <DescribePrompt
        prompt={prompt}
        isOpen={open === "describe"}
        onOpenChange={(isOpen) => setOpen(isOpen ? "describe" : null)}
      />
      <ConfirmDialog
        isOpen={open === "delete"}
        onOpenChange={(isOpen) => setOpen(isOpen ? "delete" : null)}
        title={`Delete ${prompt.name}`}
        verb="Delete"
        typedName={prompt.name}
        effect={
          <p>
            <RequestsOf name={open === "delete" ? prompt.name : null} /> All of its {versions}{" "}
            {versions === 1 ? "version" : "versions"} and its labels go. Requests that name it are
            refused from then on.
          </p>
        }
        action={deletePrompt}
        input={{ name: prompt.name }}
        onDone={() => {
          toast(`${prompt.name} is deleted`);
          router.push("/prompts");
        }}
      />
    </>
  );
}
