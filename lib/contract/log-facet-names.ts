import { z } from "zod";
import { LOG_FACETS } from "./log-facets.ts";

/** Facets as an address lists them. */
export const logFacetNames = z
  .string()
  .transform((text) => text.split(","))
  .pipe(z.array(z.enum(LOG_FACETS)).min(1).max(LOG_FACETS.length));
