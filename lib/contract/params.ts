import { z } from "zod";
import { requestId } from "./paging.ts";

/** Path parameters. One that does not parse names nothing, and is answered with 404. */
export const idParams = z.object({ id: z.uuid() });

export const requestParams = z.object({ id: requestId });

export const nameParams = z.object({ name: z.string().min(1).max(256) });

export const memberParams = z.object({ id: z.uuid(), userId: z.uuid() });

/** The body of a request that needs none. */
export const emptyBody = z.strictObject({});
