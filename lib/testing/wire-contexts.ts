import { PROVIDERS, type ProviderId } from "#lib/catalog/providers.ts";
import type { Deployment } from "#lib/contract/snapshot.ts";
import { makeDeployment } from "./deployments.ts";

/** A deployment for tests of codecs and callers; `overrides` is what the test is about. */
export function testDeployment(
  provider: ProviderId,
  overrides: Partial<Deployment> = {},
): Deployment {
  return makeDeployment("under-test", {
    id: "0197f0a0-0000-7000-8000-000000000001",
    provider,
    modelName: "model-under-test",
    apiBase: PROVIDERS[provider].baseUrl ?? "https://upstream.test",
    credentialId: null,
    ...overrides,
  });
}

/** Network reads in the order given. */
export async function* readsOf(
  parts: readonly (Uint8Array | string)[],
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const part of parts) {
    yield await Promise.resolve(typeof part === "string" ? encoder.encode(part) : part);
  }
}
