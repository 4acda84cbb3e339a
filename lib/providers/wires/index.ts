import type { WireName } from "#lib/catalog/providers.ts";
import type { Wire } from "#lib/providers/wire.ts";
import { anthropic } from "./anthropic/wire.ts";
import { gemini } from "./gemini/wire.ts";
import { mistral } from "./mistral/wire.ts";
import { mock } from "./mock.ts";
import { openai } from "./openai/wire.ts";

const WIRES: Readonly<Record<WireName, Wire>> = { openai, anthropic, gemini, mistral, mock };

/** The code for a format that a provider's row names. */
export function getWire(name: WireName): Wire {
  return WIRES[name];
}
