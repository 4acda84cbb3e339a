/** The characters after a prefix, and how many of them there are. */
interface KeyForm {
  kind: string;
  prefixes: readonly string[];
  /** A class of characters with its bounds, or a few of them: never a repetition in another. */
  rest: string;
}

const ALNUM = "[A-Za-z0-9]";
const DASHED = "[A-Za-z0-9_-]";
const HEX = "[0-9a-f]";

/**
 * Keys that tell by their first characters whose they are, as their issuers document them. Longer
 * prefixes are tried before shorter ones.
 */
export const KEY_FORMS: readonly KeyForm[] = [
  // Clouds.
  { kind: "aws_access_key", prefixes: ["AKIA", "ASIA", "ABIA", "ACCA"], rest: "[A-Z0-9]{16}" },
  { kind: "google_api_key", prefixes: ["AIza"], rest: `${DASHED}{35}` },
  { kind: "google_oauth_secret", prefixes: ["GOCSPX-"], rest: `${DASHED}{28}` },
  { kind: "google_access_token", prefixes: ["ya29."], rest: `${DASHED}{20,512}` },
  { kind: "azure_storage_key", prefixes: ["AccountKey="], rest: "[A-Za-z0-9+/]{86}==" },
  { kind: "azure_signature", prefixes: ["&sig=", "?sig="], rest: "[A-Za-z0-9%+/]{43,90}" },
  { kind: "digitalocean_token", prefixes: ["dop_v1_", "doo_v1_", "dor_v1_"], rest: `${HEX}{64}` },
  { kind: "databricks_token", prefixes: ["dapi"], rest: `${HEX}{32}(?:-\\d)?` },
  { kind: "hashicorp_vault_token", prefixes: ["hvs.", "hvb.", "hvr."], rest: `${DASHED}{24,300}` },
  { kind: "pulumi_token", prefixes: ["pul-"], rest: `${HEX}{40}` },
  { kind: "tailscale_key", prefixes: ["tskey-auth-", "tskey-api-"], rest: `${DASHED}{20,80}` },
  { kind: "alibaba_access_key", prefixes: ["LTAI"], rest: `${ALNUM}{16,24}` },
  // Model providers.
  { kind: "anthropic_key", prefixes: ["sk-ant-"], rest: `${DASHED}{32,200}` },
  {
    kind: "openai_key",
    prefixes: ["sk-proj-", "sk-svcacct-", "sk-admin-"],
    rest: `${DASHED}{40,220}`,
  },
  { kind: "openrouter_key", prefixes: ["sk-or-v1-"], rest: `${HEX}{64}` },
  { kind: "langfuse_key", prefixes: ["sk-lf-"], rest: "[0-9a-f-]{36}" },
  { kind: "provider_key", prefixes: ["sk-"], rest: `${ALNUM}{32,64}` },
  { kind: "groq_key", prefixes: ["gsk_"], rest: `${ALNUM}{40,60}` },
  { kind: "xai_key", prefixes: ["xai-"], rest: `${ALNUM}{60,90}` },
  { kind: "perplexity_key", prefixes: ["pplx-"], rest: `${ALNUM}{40,60}` },
  { kind: "nvidia_key", prefixes: ["nvapi-"], rest: `${DASHED}{60,80}` },
  { kind: "huggingface_token", prefixes: ["hf_"], rest: `${ALNUM}{30,40}` },
  { kind: "replicate_token", prefixes: ["r8_"], rest: `${ALNUM}{37,40}` },
  { kind: "cerebras_key", prefixes: ["csk-"], rest: `${ALNUM}{40,60}` },
  { kind: "together_key", prefixes: ["tgp_v1_"], rest: `${DASHED}{40,60}` },
  { kind: "langsmith_key", prefixes: ["lsv2_pt_", "lsv2_sk_"], rest: `${HEX}{32}_${HEX}{10}` },
  // Code and packages.
  {
    kind: "github_token",
    prefixes: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
    rest: `${ALNUM}{36,255}`,
  },
  { kind: "github_token", prefixes: ["github_pat_"], rest: "[A-Za-z0-9_]{60,255}" },
  {
    kind: "gitlab_token",
    prefixes: ["glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-", "glagent-"],
    rest: "[A-Za-z0-9_.-]{20,64}",
  },
  { kind: "bitbucket_token", prefixes: ["ATBB", "ATCTT3"], rest: "[A-Za-z0-9_=-]{24,200}" },
  { kind: "atlassian_token", prefixes: ["ATATT3"], rest: "[A-Za-z0-9_=-]{100,250}" },
  { kind: "npm_token", prefixes: ["npm_"], rest: `${ALNUM}{36}` },
  { kind: "pypi_token", prefixes: ["pypi-AgE"], rest: `${DASHED}{50,300}` },
  { kind: "rubygems_key", prefixes: ["rubygems_"], rest: `${HEX}{48}` },
  { kind: "docker_token", prefixes: ["dckr_pat_", "dckr_oat_"], rest: `${DASHED}{27,40}` },
  // Payments, messages, work.
  {
    kind: "stripe_key",
    prefixes: ["sk_live_", "sk_test_", "rk_live_", "rk_test_"],
    rest: `${ALNUM}{16,247}`,
  },
  { kind: "webhook_secret", prefixes: ["whsec_"], rest: "[A-Za-z0-9+/]{24,64}={0,2}" },
  { kind: "square_token", prefixes: ["sq0atp-", "sq0csp-"], rest: `${DASHED}{22,50}` },
  {
    kind: "shopify_token",
    prefixes: ["shpat_", "shpca_", "shppa_", "shpss_"],
    rest: "[0-9a-fA-F]{32}",
  },
  {
    kind: "slack_token",
    prefixes: ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-", "xapp-"],
    rest: "[A-Za-z0-9-]{20,255}",
  },
  {
    kind: "slack_webhook",
    prefixes: ["hooks.slack.com/services/"],
    rest: "T[A-Z0-9]{8,12}/B[A-Z0-9]{8,12}/[A-Za-z0-9]{20,32}",
  },
  {
    kind: "discord_webhook",
    prefixes: ["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"],
    rest: `\\d{17,20}/${DASHED}{60,80}`,
  },
  { kind: "sendgrid_key", prefixes: ["SG."], rest: `${DASHED}{22}\\.${DASHED}{43}` },
  { kind: "mailgun_key", prefixes: ["key-"], rest: `${HEX}{32}` },
  { kind: "twilio_key", prefixes: ["SK"], rest: `${HEX}{32}` },
  { kind: "linear_key", prefixes: ["lin_api_"], rest: `${ALNUM}{40}` },
  { kind: "notion_token", prefixes: ["ntn_", "secret_"], rest: `${ALNUM}{43,50}` },
  { kind: "figma_token", prefixes: ["figd_"], rest: `${DASHED}{40,60}` },
  { kind: "postman_key", prefixes: ["PMAK-"], rest: `${HEX}{24}-${HEX}{34}` },
  { kind: "grafana_token", prefixes: ["glsa_", "glc_"], rest: "[A-Za-z0-9_+/=]{32,200}" },
  { kind: "newrelic_key", prefixes: ["NRAK-"], rest: "[A-Z0-9]{27}" },
  { kind: "sentry_token", prefixes: ["sntrys_", "sntryu_"], rest: "[A-Za-z0-9+/=_]{40,250}" },
  { kind: "supabase_key", prefixes: ["sbp_", "sb_secret_"], rest: `${DASHED}{31,60}` },
  { kind: "planetscale_token", prefixes: ["pscale_tkn_", "pscale_pw_"], rest: `${DASHED}{32,64}` },
  { kind: "age_secret_key", prefixes: ["AGE-SECRET-KEY-1"], rest: "[A-Z0-9]{58}" },
  { kind: "conduit_key", prefixes: ["cnd_sk_"], rest: `${ALNUM}{40,60}` },
];
