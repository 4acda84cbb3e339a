/** Who works at the company of the demonstration. Addresses are roles at a reserved name. */
export const DEMO_PASSWORD = "conduit-demo-password";

export interface DemoPerson {
  email: string;
  name: string;
  role?: "admin";
  /** Teams by name. */
  leads?: readonly string[];
  memberOf?: readonly string[];
}

/** The three who can sign in. */
export const DEMO_SIGN_INS = [
  "admin@example.com",
  "lead@example.com",
  "member@example.com",
] as const;

export const DEMO_TEAMS = ["Product", "Support", "Data", "Platform"] as const;
export type DemoTeam = (typeof DEMO_TEAMS)[number];

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { email: "admin@example.com", name: "Admin", role: "admin", memberOf: ["Platform"] },
  { email: "lead@example.com", name: "Support lead", leads: ["Support"], memberOf: ["Product"] },
  { email: "member@example.com", name: "Support member", memberOf: ["Support"] },
  { email: "product-lead@example.com", name: "Product lead", leads: ["Product"] },
  { email: "web-app@example.com", name: "Web app", memberOf: ["Product"] },
  { email: "mobile-app@example.com", name: "Mobile app", memberOf: ["Product"] },
  { email: "search@example.com", name: "Search", memberOf: ["Product", "Data"] },
  { email: "help-desk@example.com", name: "Help desk", memberOf: ["Support"] },
  { email: "triage@example.com", name: "Triage", memberOf: ["Support"] },
  { email: "data-lead@example.com", name: "Data lead", leads: ["Data"] },
  { email: "analytics@example.com", name: "Analytics", memberOf: ["Data"] },
  { email: "research@example.com", name: "Research", memberOf: ["Data"] },
  { email: "platform-lead@example.com", name: "Platform lead", leads: ["Platform"] },
  { email: "ci@example.com", name: "Continuous integration", memberOf: ["Platform"] },
  { email: "on-call@example.com", name: "On-call", memberOf: ["Platform"] },
];

export interface DemoDeployment {
  name: string;
  provider: string;
  model: string;
  /** Half of the answers begin before this many milliseconds. */
  ttftMs: number;
  tokensPerSecond: number;
  priority?: number;
  isActive?: false;
  /** Settings of the mock, which answers whoever tries the demonstration. */
  settings?: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Real providers under an address that leads nowhere (RFC 2606), which the history was made with,
 * and stand-ins of the mock behind each of them, which answer now.
 */
export const DEMO_DEPLOYMENTS = [
  {
    name: "openai-gpt-5.2-eu",
    provider: "openai",
    model: "gpt-5.2",
    ttftMs: 520,
    tokensPerSecond: 72,
  },
  {
    name: "openai-gpt-5.2-us",
    provider: "openai",
    model: "gpt-5.2",
    ttftMs: 610,
    tokensPerSecond: 70,
    priority: 2,
  },
  {
    name: "openai-gpt-5-mini",
    provider: "openai",
    model: "gpt-5-mini",
    ttftMs: 310,
    tokensPerSecond: 128,
  },
  {
    name: "openai-embeddings",
    provider: "openai",
    model: "text-embedding-3-small",
    ttftMs: 95,
    tokensPerSecond: 0,
  },
  {
    name: "anthropic-sonnet",
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    ttftMs: 740,
    tokensPerSecond: 64,
  },
  {
    name: "anthropic-haiku",
    provider: "anthropic",
    model: "claude-haiku-4-5",
    ttftMs: 380,
    tokensPerSecond: 118,
  },
  {
    name: "google-flash",
    provider: "google",
    model: "gemini-2.5-flash",
    ttftMs: 290,
    tokensPerSecond: 165,
  },
  {
    name: "mistral-large",
    provider: "mistral",
    model: "mistral-large-latest",
    ttftMs: 430,
    tokensPerSecond: 58,
    isActive: false,
  },
  {
    name: "legal-70b",
    provider: "openai_compatible",
    model: "legal-70b-instruct",
    ttftMs: 680,
    tokensPerSecond: 41,
  },
  {
    name: "standby-gpt-5.2",
    provider: "mock",
    model: "gpt-5.2",
    ttftMs: 180,
    tokensPerSecond: 90,
    priority: 9,
    settings: { latency_ms: 180, chunk_delay_ms: 25 },
  },
  {
    name: "standby-gpt-5-mini",
    provider: "mock",
    model: "gpt-5-mini",
    ttftMs: 90,
    tokensPerSecond: 140,
    priority: 9,
    settings: { latency_ms: 90, chunk_delay_ms: 12 },
  },
  {
    name: "standby-claude-sonnet",
    provider: "mock",
    model: "claude-sonnet-4-5",
    ttftMs: 220,
    tokensPerSecond: 80,
    priority: 9,
    settings: { latency_ms: 220, chunk_delay_ms: 30 },
  },
  {
    name: "standby-embeddings",
    provider: "mock",
    model: "text-embedding-3-small",
    ttftMs: 20,
    tokensPerSecond: 0,
    priority: 9,
    settings: { dimensions: 1536 },
  },
  {
    name: "sandbox-echo",
    provider: "mock",
    model: "sandbox",
    ttftMs: 30,
    tokensPerSecond: 400,
    settings: { latency_ms: 30, chunk_delay_ms: 5 },
  },
] as const satisfies readonly DemoDeployment[];

export type DemoDeploymentName = (typeof DEMO_DEPLOYMENTS)[number]["name"];

export interface DemoAlias {
  name: string;
  strategy: "priority" | "weighted" | "lowest_cost" | "lowest_latency";
  members: readonly { deployment: DemoDeploymentName; priority: number; weight: number }[];
  fallbacks?: readonly string[];
}

const member = (deployment: DemoDeploymentName, priority: number, weight = 100) => ({
  deployment,
  priority,
  weight,
});

/** In this order, so that a fallback is there before it is named. */
export const DEMO_ALIASES = [
  {
    name: "fast",
    strategy: "priority",
    members: [
      member("openai-gpt-5-mini", 1, 70),
      member("google-flash", 1, 30),
      member("standby-gpt-5-mini", 9),
    ],
  },
  {
    name: "chat",
    strategy: "priority",
    members: [
      member("openai-gpt-5.2-eu", 1),
      member("openai-gpt-5.2-us", 2),
      member("standby-gpt-5.2", 9),
    ],
    fallbacks: ["fast"],
  },
  {
    name: "reasoning",
    strategy: "lowest_latency",
    members: [
      member("anthropic-sonnet", 1),
      member("openai-gpt-5.2-us", 1),
      member("standby-claude-sonnet", 9),
    ],
    fallbacks: ["chat"],
  },
  {
    name: "embed",
    strategy: "priority",
    members: [member("openai-embeddings", 1), member("standby-embeddings", 9)],
  },
  // One deployment alone, with nothing behind it.
  { name: "support", strategy: "priority", members: [member("anthropic-haiku", 1)] },
  {
    name: "sandbox",
    strategy: "weighted",
    members: [member("sandbox-echo", 1, 80), member("standby-gpt-5-mini", 1, 20)],
  },
] as const satisfies readonly DemoAlias[];
