"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { getProvider, getProviderLabel } from "#lib/catalog/providers.ts";
import type { DeploymentInfo } from "#lib/contract/deployment.ts";
import { ActionForm } from "../../_ui/action-form.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../../_ui/primitives/card.tsx";
import { useActionForm } from "../../_ui/use-action-form.ts";
import { createDeployment, updateDeployment } from "./actions.ts";
import { ConnectionTest } from "./connection-test.tsx";
import { inputOf, newValues, testInputOf, valuesOf } from "./deployment-values.ts";
import { ProviderFields } from "./provider-fields.tsx";
import { TrafficFields } from "./traffic-fields.tsx";

export interface DeploymentFormProps {
  provider: string;
  /** The deployment that is edited; without it a new one is made. */
  stored?: DeploymentInfo;
  /** What a new one is a copy of. */
  copyOf?: DeploymentInfo | undefined;
}

const LABELS = {
  name: "Name",
  model_name: "Upstream model",
  api_base: "Base URL",
  api_key: "Provider key",
  priority: "Priority",
  weight: "Weight",
  timeout_ms: "Timeout",
  max_rpm: "Requests per minute",
  max_tpm: "Tokens per minute",
  tags: "Tags",
  input_price_per_million_usd: "Input price",
  output_price_per_million_usd: "Output price",
};

/** A deployment is called ready only where its connection was seen to work. */
function savedText(name: string, hasPassed: boolean | null): string {
  if (hasPassed === null) {
    return `${name} is saved, untested`;
  }
  return hasPassed ? `${name} is ready` : `${name} is saved; its test failed`;
}

/** Everything about one deployment; the connection can be tried before anything is saved. */
export function DeploymentForm({ provider, stored, copyOf }: DeploymentFormProps) {
  const router = useRouter();
  const [hasPassed, setPassed] = useState<boolean | null>(null);
  const form = useActionForm({
    name: `deployment-${stored?.id ?? provider}`,
    action: stored === undefined ? createDeployment : updateDeployment,
    initial: stored === undefined ? newValues(provider, copyOf) : valuesOf(stored),
    toInput: (values) => ({
      ...inputOf(values),
      ...(stored === undefined ? { provider } : { id: stored.id }),
    }),
    secretFields: ["api_key"],
    ...(stored === undefined
      ? {}
      : {
          version: stored.version,
          // A conflict carries the deployment as the server shows it.
          fromCurrent: (current: unknown) => valuesOf(current as DeploymentInfo),
        }),
    onDone: (saved) => {
      toast(stored === undefined ? savedText(saved.name, hasPassed) : `${saved.name} is saved`);
      if (stored === undefined) {
        router.push(`/models/${saved.id}`);
      } else {
        form.set("api_key", "");
        form.set("keepsKey", saved.api_key.set);
        router.refresh();
      }
    },
  });
  const verb = stored === undefined ? "Add deployment" : "Save";
  return (
    <ActionForm form={form} labels={LABELS} className="max-w-3xl">
      <Card>
        <CardHeader>
          <CardTitle>{getProviderLabel(provider)}</CardTitle>
        </CardHeader>
        <CardBody className="flex flex-col gap-4">
          <ProviderFields form={form} provider={provider} stored={stored} />
        </CardBody>
      </Card>
      <Card>
        <CardHeader>
          <CardTitle>Connection</CardTitle>
        </CardHeader>
        <CardBody>
          <ConnectionTest
            input={() => testInputOf(form.values, { provider, id: stored?.id })}
            onResult={(result) => setPassed(result.ok)}
          />
        </CardBody>
      </Card>
      <Card>
        <CardHeader>
          <CardTitle>Traffic, limits and price</CardTitle>
        </CardHeader>
        <CardBody className="flex flex-col gap-4">
          <TrafficFields form={form} isFree={getProvider(provider)?.free === true} />
        </CardBody>
      </Card>
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" variant="primary" isPending={form.isPending}>
          {hasPassed === false ? "Save anyway" : verb}
        </Button>
        {stored !== undefined && form.isDirty ? (
          <>
            <Button onClick={form.reset}>Discard</Button>
            <span className="text-muted-fg text-sm">Unsaved changes</span>
          </>
        ) : null}
      </div>
    </ActionForm>
  );
}
