import { z } from "zod";
import type { RemoteContext } from "../define-rule.ts";

/** The address of another service, as an administrator writes it. */
export const serviceUrl = z
  .url({ protocol: /^https?$/, error: "has to be an address that begins with http:// or https://" })
  .max(2000)
  .refine((url) => !/^https?:\/\/[^/?#]*@/i.test(url), "must not hold a user name or a password");

/**
 * Asks a service and reads its answer by `schema`. Throws an error with a sentence that names the
 * service, never its words, when it is not reached, refuses, or answers something else.
 */
export async function askService<Answer>(
  call: {
    /** What the service is called in errors, as "The webhook". */
    name: string;
    url: string;
    headers?: Readonly<Record<string, string>>;
    /** JSON. */
    body: string;
    schema: z.ZodType<Answer>;
  },
  { powers, signal }: Pick<RemoteContext, "powers" | "signal">,
): Promise<Answer> {
  const { name, url, headers = {}, body, schema } = call;
  const reply = await powers.post({ url, headers, body, signal });
  if (reply.status < 200 || reply.status > 299) {
    throw new Error(`${name} answered with status ${reply.status}.`);
  }
  const { data, error } = schema.safeParse(parse(reply.body));
  if (data === undefined) {
    const place = error?.issues[0]?.path.join(".");
    throw new Error(`${name} did not answer in the form that is expected${at(place)}.`);
  }
  return data;
}

/** What the service wrote may be longer than a reason; where it went wrong is enough. */
function at(place: string | undefined): string {
  return place === undefined || place === "" ? "" : `: see ${place.slice(0, 60)}`;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The address of one of a service's calls, whether or not its own ends with a slash. */
export function callOf(url: string, call: string): string {
  return `${url.replace(/\/{1,10}$/, "")}/${call}`;
}

/**
 * Turns offsets in characters (Unicode code points, which most languages count in) into offsets in
 * UTF-16 units. One that lies beyond the text gives -1.
 */
export function openOffsets(text: string): (characters: number) => number {
  const hasPairs = /[\ud800-\udbff]/.test(text);
  if (!hasPairs) {
    return (characters) => (characters > text.length ? -1 : characters);
  }
  const starts: number[] = [];
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) {
    starts.push(at);
  }
  starts.push(text.length);
  return (characters) => starts[characters] ?? -1;
}
