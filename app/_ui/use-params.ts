"use client";

import { type Nullable, useQueryStates } from "nuqs";
import { type inferParserType, type ParserMap, parseAsString } from "nuqs/server";
import { useTransition } from "react";

export interface SetOptions {
  /** `replace` while somebody types: the address waits 300 ms and Back does not undo letters. */
  history?: "push" | "replace";
}

type Change<Parsers extends ParserMap> = Partial<Nullable<inferParserType<Parsers>>>;

export interface ParamsState<Parsers extends ParserMap> {
  values: inferParserType<Parsers>;
  /** Changes the address; the server then renders the page anew. Any change leaves the page of a list. */
  set: (change: Change<Parsers>, options?: SetOptions) => void;
  /** Whether the page for the new address is still on its way: keep the old data and dim it. */
  isPending: boolean;
}

const TYPING = { method: "debounce", timeMs: 300 } as const;

/** The place in a list, which belongs to the rows that it was taken from. */
const PLACE = { cursor: parseAsString };

/** Parameters of the address as state: `const { values, set, isPending } = useParams(params)`. */
export function useParams<Parsers extends ParserMap>(parsers: Parsers): ParamsState<Parsers> {
  const [isPending, startTransition] = useTransition();
  const [values, setValues] = useQueryStates<ParserMap>(
    { ...PLACE, ...parsers },
    { shallow: false, startTransition },
  );

  const set = (change: Change<Parsers>, { history = "push" }: SetOptions = {}) => {
    const next = Object.hasOwn(change, "cursor") ? change : { ...change, cursor: null };
    void setValues(next, {
      history,
      ...(history === "replace" ? { limitUrlUpdates: TYPING } : {}),
    });
  };

  // Read by the same parsers, and the place beside them.
  return { values: values as inferParserType<Parsers>, set, isPending };
}
