"use client";

import { Minus, PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { writeChoice } from "#lib/contract/log-choice.ts";
import type { LogFacetName } from "#lib/contract/log-facets.ts";
import { cn } from "../../../_ui/cn.ts";
import { choiceOf, chooseValue, type FilterOption } from "../../../_ui/filter-definition.ts";
import { formatCompact } from "../../../_ui/format.ts";
import { Button } from "../../../_ui/primitives/button.tsx";
import { CheckboxOption } from "../../../_ui/primitives/checkbox.tsx";
import { splitFilter } from "../../../_ui/search-params.ts";
import { useLogUrl } from "../use-log-url.ts";
import { LIST_FILTERS, optionsOf, useFacets } from "./log-filters.tsx";

/** The first groups are open; the others are counted only when somebody opens them. */
const OPEN_AT_FIRST: readonly LogFacetName[] = ["outcome", "model", "provider"];

/** The values of the commonest properties with their counts, beside the list on wide screens. */
export function FilterPanel() {
  // On screens that are wide enough it is open until somebody closes it.
  const [isWanted, setWanted] = useState<boolean>();
  const isShown = useIsWide(isWanted);
  return (
    <div className="flex shrink-0 flex-col gap-1 max-lg:hidden">
      <Button
        variant="ghost"
        size="icon"
        aria-expanded={isShown}
        aria-label="Filter panel"
        title={isShown ? "Hide the filter panel" : "Show the filter panel"}
        onClick={() => setWanted(!isShown)}
      >
        {isShown ? <PanelLeftClose aria-hidden /> : <PanelLeftOpen aria-hidden />}
      </Button>
      {isShown ? <PanelGroups /> : null}
    </div>
  );
}

const WIDE = "(min-width: 1600px)";

function useIsWide(wanted: boolean | undefined): boolean {
  const isWide = useSyncExternalStore(
    (onChange) => {
      const query = window.matchMedia(WIDE);
      query.addEventListener("change", onChange);
      return () => query.removeEventListener("change", onChange);
    },
    () => window.matchMedia(WIDE).matches,
    () => false,
  );
  return wanted ?? isWide;
}

function PanelGroups() {
  const [open, setOpen] = useState<readonly LogFacetName[]>(OPEN_AT_FIRST);
  const counts = useFacets(open);
  return (
    <aside aria-label="Filters" className="flex w-56 flex-col gap-1">
      {LIST_FILTERS.map(({ name, label }) => {
        const isOpen = open.includes(name);
        return (
          <section key={name} aria-label={label} className="border-border border-b pb-2">
            <Button
              variant="ghost"
              size="sm"
              className="w-full justify-between font-medium"
              aria-expanded={isOpen}
              onClick={() =>
                setOpen(isOpen ? open.filter((each) => each !== name) : [...open, name])
              }
            >
              {label}
              <span aria-hidden className="text-muted-fg">
                {isOpen ? "−" : "+"}
              </span>
            </Button>
            {isOpen ? (
              <FacetValues
                name={name}
                label={label}
                options={optionsOf(name, counts)}
                isCounted={counts !== undefined}
              />
            ) : null}
          </section>
        );
      })}
    </aside>
  );
}

interface FacetValuesProps {
  name: LogFacetName;
  label: string;
  options: readonly FilterOption[];
  isCounted: boolean;
}

const SHOWN = 8;

function FacetValues({ name, label, options, isCounted }: FacetValuesProps) {
  const url = useLogUrl();
  const [isWhole, setWhole] = useState(false);
  const values = listOf(url.params.get(name));
  const chosen = options.filter(({ value }) => choiceOf(values, value) !== "any");
  const others = options.filter(
    ({ value, count }) => !chosen.some((each) => each.value === value) && count !== undefined,
  );
  const shown = [...chosen, ...(isWhole ? others : others.slice(0, SHOWN))];
  const choose = (value: string, choice: "any" | "include" | "exclude") =>
    url.go({ [name]: writeChoice(splitFilter(chooseValue(values, value, choice))) });

  if (shown.length === 0) {
    return (
      <p className="px-2 text-muted-fg text-xs">{isCounted ? "None in this range" : "Counting"}</p>
    );
  }
  return (
    <ul className="flex flex-col">
      {shown.map((option) => (
        <FacetValue
          key={option.value}
          group={label}
          option={option}
          choice={choiceOf(values, option.value)}
          onChoose={(choice) => choose(option.value, choice)}
        />
      ))}
      {others.length > SHOWN ? (
        <li>
          <Button variant="link" size="sm" className="px-2" onClick={() => setWhole(!isWhole)}>
            {isWhole ? "Show fewer" : `Show ${others.length - SHOWN} more`}
          </Button>
        </li>
      ) : null}
    </ul>
  );
}

interface FacetValueProps {
  group: string;
  option: FilterOption;
  choice: "any" | "include" | "exclude";
  onChoose: (choice: "any" | "include" | "exclude") => void;
}

function FacetValue({ group, option, choice, onChoose }: FacetValueProps) {
  const isExcluded = choice === "exclude";
  return (
    <li className="group flex min-h-7 items-center gap-1 rounded-md px-2 hover:bg-muted">
      <span className="min-w-0 flex-1">
        <CheckboxOption
          checked={choice === "include"}
          onCheckedChange={(isOn) => onChoose(isOn ? "include" : "any")}
          aria-label={`${group}: ${option.label}`}
          label={
            <span
              title={option.label}
              className={cn("block max-w-28 truncate text-13", isExcluded && "line-through")}
            >
              {option.label}
            </span>
          }
        />
      </span>
      <Button
        variant="ghost"
        size="icon-sm"
        className={cn(
          "size-6",
          !isExcluded && "opacity-0 focus-visible:opacity-100 group-hover:opacity-100",
        )}
        aria-label={`Leave out ${option.label}`}
        aria-pressed={isExcluded}
        title={`Leave out ${option.label}`}
        onClick={() => onChoose(isExcluded ? "any" : "exclude")}
      >
        <Minus aria-hidden />
      </Button>
      <span className="text-muted-fg text-xs">{formatCompact(option.count ?? 0)}</span>
    </li>
  );
}

/** The values of a parameter as the kit's filters have them: a leading `!` leaves one out. */
function listOf(text: string | null): string[] | null {
  return text === null ? null : text.split(",").map((part) => part.replaceAll(/%2C/gi, ","));
}
