import { getProvider } from "#lib/catalog/providers.ts";
import type { DeploymentInfo } from "#lib/contract/deployment.ts";
import type { DeploymentTestInput } from "#lib/contract/deployment-test.ts";
import { type LimitValue, limitCount, limitValue } from "../../_ui/limit-field.tsx";

/** What the form holds: texts as they were typed. */
export type DeploymentValues = {
  name: string;
  model_name: string;
  api_base: string;
  api_key: string;
  /** Whether the stored key stays; always false for a new deployment. */
  keepsKey: boolean;
  settings: Readonly<Record<string, string>>;
  priority: string;
  weight: string;
  timeout_s: string;
  max_rpm: LimitValue;
  max_tpm: LimitValue;
  tags: string;
  hasOwnPrice: boolean;
  input_price: string;
  output_price: string;
  drops: boolean;
};

const MS_PER_S = 1000;

/** The form of a new deployment, or of a copy of one: everything but its name and its key. */
export function newValues(provider: string, from: DeploymentInfo | undefined): DeploymentValues {
  const blank: DeploymentValues = {
    name: "",
    model_name: "",
    api_base: "",
    api_key: "",
    keepsKey: false,
    settings: {},
    priority: "1",
    weight: "100",
    timeout_s: "",
    max_rpm: limitValue(null),
    max_tpm: limitValue(null),
    tags: "",
    hasOwnPrice: false,
    input_price: "",
    output_price: "",
    drops: false,
  };
  return from === undefined || from.provider !== provider
    ? blank
    : { ...valuesOf(from), name: `${from.name}-copy`, keepsKey: false };
}

/** The form of a stored deployment. */
export function valuesOf(info: DeploymentInfo): DeploymentValues {
  const isDefaultBase = info.api_base === (getProvider(info.provider)?.baseUrl ?? null);
  const { input_price_per_million_usd: input, output_price_per_million_usd: output } = info;
  return {
    name: info.name,
    model_name: info.model_name,
    api_base: isDefaultBase ? "" : (info.api_base ?? ""),
    api_key: "",
    keepsKey: info.api_key.set,
    settings: Object.fromEntries(
      Object.entries(info.settings).map(([name, value]) => [name, String(value)]),
    ),
    priority: String(info.priority),
    weight: String(info.weight),
    timeout_s: info.timeout_ms === null ? "" : String(info.timeout_ms / MS_PER_S),
    max_rpm: limitValue(info.max_rpm),
    max_tpm: limitValue(info.max_tpm),
    tags: info.tags.join(", "),
    hasOwnPrice: input !== null || output !== null,
    input_price: input ?? "",
    output_price: output ?? "",
    drops: info.allow_dropping_unsupported_fields,
  };
}

/** What is sent, under the contract's names; texts that are no numbers are refused there by name. */
export function inputOf(values: DeploymentValues): Record<string, unknown> {
  const apiBase = values.api_base.trim();
  return {
    name: values.name.trim(),
    model_name: values.model_name.trim(),
    api_base: apiBase === "" ? null : apiBase,
    ...keyOf(values),
    settings: settingsOf(values),
    priority: numberOf(values.priority),
    weight: numberOf(values.weight),
    timeout_ms: timeoutOf(values.timeout_s),
    max_rpm: limitCount(values.max_rpm),
    max_tpm: limitCount(values.max_tpm),
    tags: values.tags.split(",").flatMap((tag) => tag.trim() || []),
    input_price_per_million_usd: values.hasOwnPrice ? values.input_price.trim() : null,
    output_price_per_million_usd: values.hasOwnPrice ? values.output_price.trim() : null,
    allow_dropping_unsupported_fields: values.drops,
  };
}

/** The same as a question to the provider; a stored key is not sent along, the server has it. */
export function testInputOf(
  values: DeploymentValues,
  { provider, id }: { provider: string; id?: string | undefined },
): DeploymentTestInput {
  const { model_name, api_base, api_key, settings, timeout_ms } = inputOf(values);
  const draft = { provider, model_name, api_base, api_key, settings, timeout_ms };
  // The server's schema is the judge of what was typed.
  return { ...(id === undefined ? {} : { id }), draft } as DeploymentTestInput;
}

/** Left out, the stored key stays; an empty box removes it. */
function keyOf({ keepsKey, api_key: apiKey }: DeploymentValues): { api_key?: string | null } {
  if (keepsKey) {
    return {};
  }
  return { api_key: apiKey.trim() === "" ? null : apiKey.trim() };
}

function settingsOf({ settings }: DeploymentValues): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) =>
      value.trim() === "" ? [] : [[name, value.trim()]],
    ),
  );
}

function numberOf(text: string): number | string {
  return /^\d+$/.test(text.trim()) ? Number(text) : text;
}

function timeoutOf(seconds: string): number | string | null {
  const text = seconds.trim();
  if (text === "") {
    return null;
  }
  return /^\d+(?:\.\d{1,3})?$/.test(text) ? Math.round(Number(text) * MS_PER_S) : text;
}
