"use client";

import { Bookmark, Trash2 } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useState, useTransition } from "react";
import { toast } from "sonner";
import type { ActionResult } from "#lib/contract/action-result.ts";
import type { SavedView, ViewPage } from "#lib/contract/saved-view.ts";
import { viewQueryOf } from "#lib/contract/view-query.ts";
import { Button } from "./primitives/button.tsx";
import { Popover, PopoverContent, PopoverTitle, PopoverTrigger } from "./primitives/popover.tsx";
import { SaveViewForm } from "./save-view-form.tsx";

export interface SavedViewActions {
  save: (input: unknown) => Promise<ActionResult<SavedView>>;
  remove: (input: unknown) => Promise<ActionResult<void>>;
}

export interface SavedViewsProps {
  page: ViewPage;
  views: readonly SavedView[];
  actions: SavedViewActions;
}

/** Filters under a name: one's own and one's teams'. `<SavedViews page="logs" views={views} actions={{ save, remove }} />` */
export function SavedViews({ page, views, actions }: SavedViewsProps) {
  const [isOpen, setOpen] = useState(false);
  const search = useSearchParams();
  const query = viewQueryOf(search.toString());
  return (
    <Popover open={isOpen} onOpenChange={setOpen}>
      <PopoverTrigger
        render={
          <Button>
            <Bookmark aria-hidden className="text-muted-fg" />
            Views
          </Button>
        }
      />
      <PopoverContent className="flex w-80 flex-col gap-3" align="end">
        <PopoverTitle className="font-medium">Saved views</PopoverTitle>
        {views.length === 0 ? (
          <p className="text-13 text-muted-fg">
            None yet. A view keeps the time and the filters of this page.
          </p>
        ) : (
          <ul className="-mx-1 flex flex-col">
            {views.map((view) => (
              <ViewLine
                key={view.id}
                view={view}
                isCurrent={view.query === query}
                remove={actions.remove}
                onOpen={() => setOpen(false)}
              />
            ))}
          </ul>
        )}
        <SaveViewForm page={page} query={query} save={actions.save} />
      </PopoverContent>
    </Popover>
  );
}

interface ViewLineProps {
  view: SavedView;
  isCurrent: boolean;
  remove: SavedViewActions["remove"];
  onOpen: () => void;
}

function ViewLine({ view, isCurrent, remove, onOpen }: ViewLineProps) {
  const router = useRouter();
  const [isPending, startTransition] = useTransition();
  const drop = () =>
    startTransition(async () => {
      const result = await remove({ id: view.id });
      if (result.ok) {
        router.refresh();
      } else {
        toast.error(result.formError ?? "The view could not be deleted.");
      }
    });
  // A page of the console with a query that was saved there.
  const href = `/${view.page}${view.query === "" ? "" : `?${view.query}`}` as Route;
  return (
    <li className="flex items-center gap-1 rounded-md hover:bg-muted">
      <Link
        href={href}
        aria-current={isCurrent ? "true" : undefined}
        onClick={onOpen}
        className="min-w-0 flex-1 truncate px-2 py-1.5 aria-[current=true]:font-medium"
      >
        {view.name}
        {view.team_name === null ? null : (
          <span className="text-muted-fg text-xs"> {view.team_name}</span>
        )}
      </Link>
      {view.may_delete ? (
        <Button
          variant="ghost"
          size="icon-sm"
          isPending={isPending}
          aria-label={`Delete ${view.name}`}
          title={`Delete ${view.name}`}
          onClick={drop}
        >
          {isPending ? null : <Trash2 aria-hidden />}
        </Button>
      ) : null}
    </li>
  );
}
