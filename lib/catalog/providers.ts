/**
 * The providers, as data. A row carries no code: the caller, the admin API, the console's form and
 * the docs all read this table, and a quirk that would need a function is a wire of its own.
 */
export const WIRES = ["openai", "anthropic", "gemini", "mistral", "mock"] as const;
export type WireName = (typeof WIRES)[number];

export type ProviderAuth = { kind: "bearer" } | { kind: "header"; name: string } | { kind: "none" };

/** What an OpenAI-compatible provider does differently; read by `wires/openai`. */
export interface Quirks {
  /** Top-level request fields by the names this provider knows them under; reported. */
  rename?: Readonly<Record<string, string>>;
  /** Fields of the *hint* class that this provider rejects or ignores: left out and reported. */
  drop?: readonly string[];
  /** Hints of which only these values are taken; with another value they are left out and reported. */
  hintValues?: Readonly<Record<string, readonly string[]>>;
  /** Fields that would change the answer and that it cannot do: they are refused by name. */
  refuse?: readonly string[];
  /** `n` above this is refused. */
  maxChoices?: number;
  /** Roles by the role to send instead; reported as `messages.role`. */
  roleAlias?: Readonly<Record<string, string>>;
  /** Message fields that it rejects: left out and reported as `messages.<field>`. */
  dropMessageFields?: readonly string[];
  /** Message fields by the names this provider knows them under. */
  renameMessageFields?: Readonly<Record<string, string>>;
  /** Whether the extension `cache_control` on parts and tools is rejected, and so left out. */
  dropCacheControl?: boolean;
  /** `flag`: ask with `stream_options.include_usage`; `always`: it comes unasked, the flag is refused. */
  streamUsage?: "flag" | "always";
  /** `prompt`: `json_schema` is sent as `json_object` with the schema in the system text. */
  jsonSchema?: "prompt";
  /**
   * `basic`: `allowed_tools` is unknown and emulated by sending only those tools. `auto`: nothing but
   * `auto` works; a named or required call is asked for in words, `none` by sending no tools.
   */
  toolChoice?: "basic" | "auto";
  /** Whether tools of another type than `function` are refused. */
  functionToolsOnly?: boolean;
  /** `reasoning_effort` values by the value to send; a value mapped to `null` is left out and reported. */
  reasoningEffort?: Readonly<Record<string, string | null>>;
  /** Whether `reasoning_tokens` are missing from `completion_tokens` and have to be added. */
  reasoningOutsideCompletion?: boolean;
  /** Whether only inline images are read, so that the gateway fetches remote ones. */
  inlineImages?: boolean;
  /** OpenAI's own rules for reasoning models apply: no sampling fields, `max_completion_tokens`. */
  openaiModelRules?: boolean;
  /** Content part types beside text that it can read; all of them pass when this is left out. */
  parts?: readonly string[];
  /** Whether embeddings take text alone, no lists of token numbers. */
  textEmbeddings?: boolean;
  /** Whether vectors always come as numbers, so that the gateway encodes base64 itself. */
  floatVectors?: boolean;
  /** Query parameters of every call by the deployment setting that holds the value. */
  query?: Readonly<Record<string, string>>;
}

export interface ProviderRow {
  label: string;
  /** The default base URL; `null` when every install has its own. */
  baseUrl: string | null;
  wire: WireName;
  auth: ProviderAuth;
  /** Whether a deployment may have no key. */
  keyOptional?: boolean;
  /** A version segment that a given base URL may lack or carry: `/v1`. */
  versionPath?: string;
  /** Endpoints that the provider serves; every endpoint of its wire when left out. */
  endpoints?: readonly ("chat" | "embeddings" | "moderations")[];
  paths?: Readonly<Partial<Record<"chat" | "embeddings" | "moderations", string>>>;
  /** Headers that every call carries, as `anthropic-version`. */
  headers?: Readonly<Record<string, string>>;
  quirks?: Quirks;
  /** Names of `settings` fields that a deployment of this provider may carry, with what they mean. */
  settings?: Readonly<Record<string, string>>;
  /** Provider id of `@pydantic/genai-prices`; absent when it has no list. */
  priceCatalogue?: string;
  /** Whether calls cost nothing by declaration: local servers and the mock. */
  free?: boolean;
}

/** Hints that only OpenAI's own servers act on; the others reject or ignore them. */
const OPENAI_HINTS = [
  "store",
  "metadata",
  "safety_identifier",
  "service_tier",
  "verbosity",
  "prediction",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
] as const;

/** What only OpenAI's own servers can do, and what would change the answer if it were left out. */
const OPENAI_CONTRACT = [
  "audio",
  "modalities",
  "web_search_options",
  "moderation",
  "functions",
  "function_call",
] as const;

/** Reasoning of earlier turns, which strict servers reject as unknown message fields. */
const REASONING_FIELDS = ["reasoning_content", "reasoning_details"] as const;

/** Opaque state of other providers, which means nothing to servers that take reasoning as text. */
const OPAQUE_REASONING = ["reasoning_details"] as const;

const DEVELOPER_AS_SYSTEM = { developer: "system" } as const;
const MAX_TOKENS_ONLY = { max_completion_tokens: "max_tokens" } as const;

/** `low`, `medium` and `high` are what most servers know; the ends of the scale move inwards. */
const THREE_EFFORTS = { minimal: "low", xhigh: "high", max: "high" } as const;

export const PROVIDERS = {
  openai: {
    label: "OpenAI",
    baseUrl: "https://api.openai.com/v1",
    wire: "openai",
    auth: { kind: "bearer" },
    versionPath: "/v1",
    quirks: {
      streamUsage: "flag",
      openaiModelRules: true,
      dropMessageFields: REASONING_FIELDS,
      dropCacheControl: true,
      parts: ["image_url", "input_audio", "file"],
    },
    priceCatalogue: "openai",
  },
  azure: {
    label: "Azure OpenAI",
    baseUrl: null,
    wire: "openai",
    auth: { kind: "header", name: "api-key" },
    versionPath: "/openai/v1",
    endpoints: ["chat", "embeddings"],
    quirks: {
      streamUsage: "flag",
      openaiModelRules: true,
      dropMessageFields: REASONING_FIELDS,
      dropCacheControl: true,
      parts: ["image_url", "input_audio", "file"],
      query: { "api-version": "api_version" },
    },
    settings: {
      api_version: "Sent as ?api-version=, such as v1 or preview. Not needed on the v1 API.",
      base_model:
        "The model behind the deployment, such as gpt-5.2, when the deployment's name does not say.",
    },
    priceCatalogue: "azure",
  },
  anthropic: {
    label: "Anthropic",
    baseUrl: "https://api.anthropic.com/v1",
    wire: "anthropic",
    auth: { kind: "header", name: "x-api-key" },
    versionPath: "/v1",
    endpoints: ["chat"],
    headers: { "anthropic-version": "2023-06-01" },
    settings: {
      default_max_tokens:
        "max_tokens of requests that name none; the model's longest answer if unset",
      anthropic_beta: "Value of the anthropic-beta header, a comma-separated list",
    },
    priceCatalogue: "anthropic",
  },
  google: {
    label: "Google Gemini",
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    wire: "gemini",
    auth: { kind: "header", name: "x-goog-api-key" },
    versionPath: "/v1beta",
    priceCatalogue: "google",
  },
  mistral: {
    label: "Mistral",
    baseUrl: "https://api.mistral.ai/v1",
    wire: "mistral",
    auth: { kind: "bearer" },
    versionPath: "/v1",
    priceCatalogue: "mistral",
  },
  groq: {
    label: "Groq",
    baseUrl: "https://api.groq.com/openai/v1",
    wire: "openai",
    auth: { kind: "bearer" },
    versionPath: "/openai/v1",
    endpoints: ["chat"],
    quirks: {
      streamUsage: "flag",
      drop: OPENAI_HINTS.filter((name) => name !== "service_tier"),
      hintValues: { service_tier: ["auto", "on_demand", "flex", "performance"] },
      refuse: [...OPENAI_CONTRACT, "logprobs", "top_logprobs", "logit_bias"],
      maxChoices: 1,
      dropMessageFields: [...REASONING_FIELDS, "name"],
      dropCacheControl: true,
      toolChoice: "basic",
      functionToolsOnly: true,
      reasoningEffort: THREE_EFFORTS,
      parts: ["image_url"],
    },
    priceCatalogue: "groq",
  },
  deepseek: {
    label: "DeepSeek",
    baseUrl: "https://api.deepseek.com/v1",
    wire: "openai",
    auth: { kind: "bearer" },
    versionPath: "/v1",
    endpoints: ["chat"],
    quirks: {
      streamUsage: "flag",
      rename: MAX_TOKENS_ONLY,
      drop: [...OPENAI_HINTS, "seed", "user"],
      refuse: [...OPENAI_CONTRACT, "logit_bias"],
      maxChoices: 1,
      roleAlias: DEVELOPER_AS_SYSTEM,
      jsonSchema: "prompt",
      dropMessageFields: OPAQUE_REASONING,
      toolChoice: "basic",
      functionToolsOnly: true,
      reasoningEffort: { minimal: "low", xhigh: "max" },
      parts: [],
    },
    priceCatalogue: "deepseek",
  },
  xai: {
    label: "xAI",
    baseUrl: "https://api.x.ai/v1",
    wire: "openai",
    auth: { kind: "bearer" },
    versionPath: "/v1",
    endpoints: ["chat"],
    quirks: {
      streamUsage: "flag",
      drop: OPENAI_HINTS,
      refuse: [...OPENAI_CONTRACT, "logit_bias"],
      reasoningOutsideCompletion: true,
      dropMessageFields: OPAQUE_REASONING,
      toolChoice: "basic",
      functionToolsOnly: true,
      reasoningEffort: { minimal: "low", max: "high" },
      parts: ["image_url"],
    },
    priceCatalogue: "x-ai",
  },
  together: {
    label: "Together AI",
    baseUrl: "https://api.together.xyz/v1",
    wire: "openai",
    auth: { kind: "bearer" },
    versionPath: "/v1",
    endpoints: ["chat", "embeddings"],
    quirks: {
      streamUsage: "flag",
      rename: MAX_TOKENS_ONLY,
      drop: OPENAI_HINTS,
      refuse: OPENAI_CONTRACT,
      roleAlias: DEVELOPER_AS_SYSTEM,
      dropMessageFields: OPAQUE_REASONING,
      toolChoice: "basic",
      functionToolsOnly: true,
      reasoningEffort: THREE_EFFORTS,
      parts: ["image_url"],
      textEmbeddings: true,
      floatVectors: true,
    },
    priceCatalogue: "together",
  },
  fireworks: {
    label: "Fireworks AI",
    baseUrl: "https://api.fireworks.ai/inference/v1",
    wire: "openai",
    auth: { kind: "bearer" },
    versionPath: "/inference/v1",
    endpoints: ["chat", "embeddings"],
    quirks: {
      streamUsage: "flag",
      drop: OPENAI_HINTS,
      refuse: OPENAI_CONTRACT,
      roleAlias: DEVELOPER_AS_SYSTEM,
      dropMessageFields: OPAQUE_REASONING,
      toolChoice: "basic",
      functionToolsOnly: true,
      reasoningEffort: THREE_EFFORTS,
      parts: ["image_url"],
      textEmbeddings: true,
      floatVectors: true,
    },
    priceCatalogue: "fireworks",
  },
  openrouter: {
    label: "OpenRouter",
    baseUrl: "https://openrouter.ai/api/v1",
    wire: "openai",
    auth: { kind: "bearer" },
    versionPath: "/api/v1",
    endpoints: ["chat", "embeddings"],
    quirks: {
      streamUsage: "flag",
      refuse: ["functions", "function_call", "moderation"],
      renameMessageFields: { reasoning_content: "reasoning" },
      toolChoice: "basic",
      functionToolsOnly: true,
      parts: ["image_url", "input_audio", "file"],
      textEmbeddings: true,
    },
    priceCatalogue: "openrouter",
  },
  perplexity: {
    label: "Perplexity",
    baseUrl: "https://api.perplexity.ai",
    wire: "openai",
    auth: { kind: "bearer" },
    endpoints: ["chat"],
    quirks: {
      streamUsage: "always",
      rename: MAX_TOKENS_ONLY,
      drop: [...OPENAI_HINTS, "seed", "user", "parallel_tool_calls"],
      refuse: [
        ...OPENAI_CONTRACT.filter((name) => name !== "web_search_options"),
        "logprobs",
        "top_logprobs",
        "logit_bias",
        "tools",
        "tool_choice",
      ],
      maxChoices: 1,
      roleAlias: DEVELOPER_AS_SYSTEM,
      dropMessageFields: [...REASONING_FIELDS, "name"],
      dropCacheControl: true,
      reasoningEffort: { none: "minimal", xhigh: "high", max: "high" },
      parts: ["image_url"],
    },
    priceCatalogue: "perplexity",
  },
  cerebras: {
    label: "Cerebras",
    baseUrl: "https://api.cerebras.ai/v1",
    wire: "openai",
    auth: { kind: "bearer" },
    versionPath: "/v1",
    endpoints: ["chat"],
    quirks: {
      streamUsage: "flag",
      drop: OPENAI_HINTS,
      refuse: [...OPENAI_CONTRACT, "logit_bias", "frequency_penalty", "presence_penalty"],
      maxChoices: 1,
      dropMessageFields: REASONING_FIELDS,
      dropCacheControl: true,
      toolChoice: "basic",
      functionToolsOnly: true,
      reasoningEffort: THREE_EFFORTS,
      parts: [],
    },
    priceCatalogue: "cerebras",
  },
  nvidia: {
    label: "NVIDIA NIM",
    baseUrl: "https://integrate.api.nvidia.com/v1",
    wire: "openai",
    auth: { kind: "bearer" },
    versionPath: "/v1",
    endpoints: ["chat", "embeddings"],
    quirks: {
      streamUsage: "flag",
      rename: MAX_TOKENS_ONLY,
      drop: [...OPENAI_HINTS, "user"],
      refuse: OPENAI_CONTRACT,
      roleAlias: DEVELOPER_AS_SYSTEM,
      dropMessageFields: REASONING_FIELDS,
      dropCacheControl: true,
      toolChoice: "basic",
      functionToolsOnly: true,
      reasoningEffort: THREE_EFFORTS,
      parts: ["image_url"],
      textEmbeddings: true,
    },
  },
  huggingface: {
    label: "Hugging Face",
    baseUrl: "https://router.huggingface.co/v1",
    wire: "openai",
    auth: { kind: "bearer" },
    versionPath: "/v1",
    endpoints: ["chat"],
    quirks: {
      streamUsage: "flag",
      drop: OPENAI_HINTS,
      refuse: OPENAI_CONTRACT,
      roleAlias: DEVELOPER_AS_SYSTEM,
      dropMessageFields: REASONING_FIELDS,
      dropCacheControl: true,
      toolChoice: "basic",
      functionToolsOnly: true,
      parts: ["image_url"],
    },
  },
  ollama: {
    label: "Ollama",
    baseUrl: "http://localhost:11434/v1",
    wire: "openai",
    auth: { kind: "bearer" },
    keyOptional: true,
    versionPath: "/v1",
    endpoints: ["chat", "embeddings"],
    quirks: {
      streamUsage: "flag",
      rename: MAX_TOKENS_ONLY,
      drop: [...OPENAI_HINTS, "user"],
      refuse: [...OPENAI_CONTRACT, "logit_bias"],
      maxChoices: 1,
      roleAlias: DEVELOPER_AS_SYSTEM,
      dropMessageFields: OPAQUE_REASONING,
      toolChoice: "auto",
      functionToolsOnly: true,
      inlineImages: true,
      reasoningEffort: THREE_EFFORTS,
      parts: ["image_url"],
      textEmbeddings: true,
    },
    free: true,
  },
  vllm: {
    label: "vLLM",
    baseUrl: null,
    wire: "openai",
    auth: { kind: "bearer" },
    keyOptional: true,
    versionPath: "/v1",
    endpoints: ["chat", "embeddings"],
    quirks: {
      streamUsage: "flag",
      drop: OPENAI_HINTS,
      refuse: OPENAI_CONTRACT,
      dropMessageFields: OPAQUE_REASONING,
      toolChoice: "basic",
      functionToolsOnly: true,
    },
    free: true,
  },
  lmstudio: {
    label: "LM Studio",
    baseUrl: "http://localhost:1234/v1",
    wire: "openai",
    auth: { kind: "bearer" },
    keyOptional: true,
    versionPath: "/v1",
    endpoints: ["chat", "embeddings"],
    quirks: {
      streamUsage: "flag",
      rename: MAX_TOKENS_ONLY,
      drop: [...OPENAI_HINTS, "user"],
      refuse: [...OPENAI_CONTRACT, "logprobs", "top_logprobs"],
      maxChoices: 1,
      roleAlias: DEVELOPER_AS_SYSTEM,
      dropMessageFields: OPAQUE_REASONING,
      toolChoice: "basic",
      functionToolsOnly: true,
      inlineImages: true,
      parts: ["image_url"],
      textEmbeddings: true,
      floatVectors: true,
    },
    free: true,
  },
  // Nothing is known about such a server, so everything passes and it refuses for itself.
  openai_compatible: {
    label: "OpenAI-compatible server",
    baseUrl: null,
    wire: "openai",
    auth: { kind: "bearer" },
    keyOptional: true,
    versionPath: "/v1",
    quirks: { streamUsage: "flag" },
  },
  mock: {
    label: "Mock",
    // Nothing is ever sent: the name cannot resolve (RFC 2606).
    baseUrl: "http://mock.invalid",
    wire: "mock",
    auth: { kind: "none" },
    keyOptional: true,
    settings: {
      reply: "The text of every answer; the last user message is echoed when it is left out.",
      tool_call: "The name of a tool that is called whenever the request offers it.",
      latency_ms: "Milliseconds before an answer starts.",
      chunk_delay_ms: "Milliseconds between the chunks of a streamed answer.",
      error_rate: "Share of requests that fail, 0 to 1; the same request always ends the same way.",
      error_status: "HTTP status of those failures, 400 to 599; 500 when it is left out.",
      dimensions: "Length of embedding vectors; 256 when it is left out.",
    },
    free: true,
  },
} as const satisfies Record<string, ProviderRow>;

export type ProviderId = keyof typeof PROVIDERS;

/** Other spellings of provider ids that requests may use. */
export const PROVIDER_ALIASES: Readonly<Record<string, ProviderId>> = { gemini: "google" };

/** The row of a provider id or one of its other spellings. */
export function getProvider(id: string): ProviderRow | undefined {
  const name = PROVIDER_ALIASES[id] ?? id;
  return Object.hasOwn(PROVIDERS, name) ? PROVIDERS[name as ProviderId] : undefined;
}

/** What people call a provider; its id when this version does not know it. */
export function getProviderLabel(id: string): string {
  return getProvider(id)?.label ?? id;
}
