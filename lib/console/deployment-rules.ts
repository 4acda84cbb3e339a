import { originOf, resolveBaseUrl } from "#lib/catalog/base-url.ts";
import { getProvider, type ProviderRow } from "#lib/catalog/providers.ts";
import { ConduitError } from "#lib/errors.ts";
import { checkUpstreamUrl } from "#lib/providers/egress-policy.ts";

/** What the rules look at: a deployment as it would be after a write. */
export interface DeploymentDraft {
  provider: string;
  apiBase: string | null;
  hasKey: boolean;
  settings: Readonly<Record<string, unknown>>;
}

/**
 * Throws 400 naming the field that keeps a deployment from working: a base URL that is missing,
 * malformed or out of bounds, a key that its provider needs, a setting that it does not know.
 */
export function assertDeployable(draft: DeploymentDraft): void {
  const provider = requireProvider(draft.provider);
  assertBaseUrl(provider, draft.apiBase);
  assertSettings(provider, draft.settings);
  const needsKey = provider.auth.kind !== "none" && provider.keyOptional !== true;
  if (needsKey && !draft.hasKey) {
    throw missing("api_key", `${provider.label} needs a key.`);
  }
}

function requireProvider(id: string): ProviderRow {
  const provider = getProvider(id);
  if (provider === undefined) {
    throw new ConduitError("invalid_value", {
      message: `'provider' is not one that this version knows: ${id}.`,
      param: "provider",
    });
  }
  return provider;
}

function assertBaseUrl(provider: ProviderRow, apiBase: string | null): void {
  if (apiBase === null && provider.baseUrl === null) {
    throw missing("api_base", `${provider.label} has no address of its own.`);
  }
  const url = resolveBaseUrl(provider, apiBase);
  if (url === undefined) {
    throw new ConduitError("invalid_value", {
      message:
        "'api_base' has to be an http or https URL without user name, password, query or fragment.",
      param: "api_base",
    });
  }
  const verdict = checkUpstreamUrl(url);
  if (!verdict.allowed) {
    throw new ConduitError("invalid_value", {
      message: `'api_base' may not be called. ${verdict.reason ?? ""}`.trim(),
      param: "api_base",
    });
  }
}

function assertSettings(provider: ProviderRow, settings: Readonly<Record<string, unknown>>): void {
  const known = Object.keys(provider.settings ?? {});
  const stranger = Object.keys(settings).find((name) => !known.includes(name));
  if (stranger !== undefined) {
    const offer = known.length === 0 ? "has none" : `has ${known.join(", ")}`;
    throw new ConduitError("unknown_parameter", {
      message: `'settings.${stranger}' is not a setting of ${provider.label}, which ${offer}.`,
      param: `settings.${stranger}`,
    });
  }
}

/**
 * Throws 400 when a stored key would go to another scheme, host or port than the one that it was
 * entered for: whoever moves a deployment has to know the key.
 */
export function assertKeyMayMove(
  providerId: string,
  move: { from: string | null; to: string | null },
): void {
  const provider = requireProvider(providerId);
  const from = resolveBaseUrl(provider, move.from);
  const to = resolveBaseUrl(provider, move.to);
  if (from === undefined || to === undefined || originOf(from) !== originOf(to)) {
    throw missing("api_key", "Another 'api_base' needs the key again.");
  }
}

function missing(param: string, why: string): ConduitError {
  return new ConduitError("missing_required_parameter", {
    message: `'${param}' is required: ${why}`,
    param,
  });
}
