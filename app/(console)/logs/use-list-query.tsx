"use client";

import { createContext, type ReactNode, use } from "react";

const ListQuery = createContext("");

export interface ListQueryProviderProps {
  query: string;
  children: ReactNode;
}

/** Tells what is inside which requests the list has. */
export function ListQueryProvider({ query, children }: ListQueryProviderProps) {
  return <ListQuery value={query}>{children}</ListQuery>;
}

/** The query of the list that is shown, for the endpoints beside it; empty for an unfiltered one. */
export function useListQuery(): string {
  return use(ListQuery);
}
