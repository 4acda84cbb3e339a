import { isIPv6 } from "node:net";
import type { Span } from "../spans.ts";
import { isPartOfLonger, isWordAt } from "./groups.ts";
import type { NumberForm } from "./numbers.ts";

const VERSION_WORDS =
  /(?:\b(?:v|ver|version|release|build|section|chapter|clause|firmware|driver|rev|revision|tag|oid|sdk|api|package)|§|[<>=]=|[~^]=?)\.?["']?\s?[:=(]?\s*["']?$|\b(?:up|down)grad[a-z]*\b.{0,24}$/;

/** What `private` addresses are: of networks that anybody may use, so that they identify nobody. */
export interface AddressOptions {
  private: boolean;
}

/** IPv4 addresses, told from version and section numbers. */
export function ipv4({ private: alsoPrivate }: AddressOptions): NumberForm {
  return {
    kind: "ip_address",
    shapes: shapesOfFour(),
    holds: ({ text, start, end, before }) => {
      const octets = text.slice(start, end).split(".");
      const isPlain = octets.every((one) => Number(one) <= 255 && (one === "0" || one[0] !== "0"));
      // Four single digits number a section or a version far more often than a host.
      const isTooShort = octets.every((one) => one.length === 1);
      return (
        isPlain &&
        !isTooShort &&
        isHost(octets.map(Number)) &&
        (alsoPrivate || !isPrivate(octets.map(Number))) &&
        !VERSION_WORDS.test(before())
      );
    },
  };
}

function shapesOfFour(): string[] {
  const sizes = ["d1", "d2", "d3"];
  return sizes.flatMap((a) =>
    sizes.flatMap((b) => sizes.flatMap((c) => sizes.map((d) => [a, b, c, d].join(".")))),
  );
}

/** Not a mask, a broadcast, the host itself or a block that is written in manuals. */
function isHost([a = 0, b = 0]: readonly number[]): boolean {
  return a !== 0 && a !== 127 && a < 224 && !(a === 169 && b === 254);
}

function isPrivate([a = 0, b = 0]: readonly number[]): boolean {
  return (
    a === 10 ||
    (a === 192 && b === 168) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 100 && b >= 64 && b < 128)
  );
}

/** The first group of a global or a local address always has four digits. */
const HEXTETS = /(?<![0-9A-Za-z:.])[23fF][0-9A-Fa-f]{3}:[0-9A-Fa-f:.]{3,41}/g;
const GLOBAL = /^[23][0-9a-f]{3}:/i;
const LOCAL = /^f[cde][0-9a-f]{2}:/i;

/** The longest IPv6 address, one that ends as an IPv4 address. */
export const IPV6_WINDOW = 45;

/** IPv6 addresses of the global range, and of the local ones when asked. */
export function findIpv6({ private: alsoPrivate }: AddressOptions): (text: string) => Span[] {
  return (text) => {
    const spans: Span[] = [];
    for (const { index, 0: run } of text.matchAll(HEXTETS)) {
      const address = run.replace(/[.:]$/, "");
      const end = index + address.length;
      const isWanted = GLOBAL.test(address) || (alsoPrivate && LOCAL.test(address));
      if (
        isWanted &&
        isIPv6(address) &&
        !isWordAt(text, end) &&
        !isPartOfLonger(text, index, end)
      ) {
        spans.push({ start: index, end, kind: "ip_address" });
      }
    }
    return spans;
  };
}
