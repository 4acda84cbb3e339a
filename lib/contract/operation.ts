import type { z } from "zod";
import type { Action } from "../catalog/roles.ts";

/** One operation of the HTTP API, as the OpenAPI document describes it. */
export interface Operation {
  method: "get" | "post" | "patch" | "delete";
  /** With parameters in braces: `/admin/v1/keys/{id}`. */
  path: string;
  /** Unique; generated clients name their functions after it. */
  id: string;
  tag: string;
  summary: string;
  description?: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The status of a success, 200 when left out. */
  status?: 200 | 201 | 204;
  answer?: z.ZodType;
  /** The events of a streamed answer, beside the whole one. */
  stream?: z.ZodType;
  /** The scope that an admin token needs; `null` for an operation without a key. */
  scope?: string | null;
}

/** The operations of one resource of the admin API: their tag, and the prefix of their paths. */
export function adminOperations(
  tag: string,
  operations: readonly (Omit<Operation, "tag" | "scope"> & { scope: Action | null })[],
): Operation[] {
  return operations.map((operation) => ({
    ...operation,
    tag,
    path: `/admin/v1${operation.path}`,
  }));
}
