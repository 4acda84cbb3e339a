import type { Metadata } from "next";
import Link from "next/link";
import { getProvider, getProviderLabel } from "#lib/catalog/providers.ts";
import { showDeployment } from "#lib/console/deployments.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import type { DeploymentInfo } from "#lib/contract/deployment.ts";
import { idParams } from "#lib/contract/params.ts";
import { isConduitError } from "#lib/errors.ts";
import { PageBody } from "../../../_ui/page-body.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { Stepper } from "../../../_ui/stepper.tsx";
import { DeploymentForm } from "../deployment-form.tsx";
import { ProviderCards } from "./provider-cards.tsx";

export const metadata: Metadata = { title: "Add deployment" };

export default async function NewDeploymentPage({ searchParams }: PageProps<"/models/new">) {
  const viewer = await requireViewer("deployment.create");
  const params = await searchParams;
  const copyOf = await readCopied(viewer, params["from"]);
  const asked = copyOf?.provider ?? params["provider"];
  const provider =
    typeof asked === "string" && getProvider(asked) !== undefined ? asked : undefined;
  return (
    <PageBody>
      <PageHeader
        breadcrumb={<Link href="/models">Models</Link>}
        title={copyOf === undefined ? "Add deployment" : `Duplicate ${copyOf.name}`}
        description="One model at one provider under one key."
      />
      <Stepper steps={["Provider", "Details"]} current={provider === undefined ? 1 : 2} />
      {provider === undefined ? (
        <ProviderCards />
      ) : (
        <>
          <p className="text-sm">
            {getProviderLabel(provider)}.{" "}
            <Link href="/models/new" className="text-primary underline-offset-4 hover:underline">
              Choose another provider
            </Link>
          </p>
          <DeploymentForm key={provider} provider={provider} copyOf={copyOf} />
        </>
      )}
    </PageBody>
  );
}

/** The deployment that is copied; an address that names none begins at the first step. */
async function readCopied(viewer: Viewer, from: unknown): Promise<DeploymentInfo | undefined> {
  const parsed = idParams.safeParse({ id: from });
  if (!parsed.success) {
    return undefined;
  }
  try {
    return await showDeployment(viewer, parsed.data.id);
  } catch (error) {
    if (isConduitError(error) && error.code === "not_found") {
      return undefined;
    }
    throw error;
  }
}
