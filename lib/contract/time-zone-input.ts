import { z } from "zod";
import { isTimeZone } from "./time-zone.ts";

export const timeZoneInput = z
  .string()
  .max(64)
  .refine(isTimeZone, "must be a time zone such as Europe/Berlin")
  .meta({ examples: ["Europe/Berlin"] });
