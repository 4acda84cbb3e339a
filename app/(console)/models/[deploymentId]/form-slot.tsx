"use client";

import dynamic from "next/dynamic";
import type { DeploymentFormProps } from "../deployment-form.tsx";

/** The form of a deployment, fetched when its tab is looked at: the figures need none of it. */
export const FormSlot = dynamic<DeploymentFormProps>(() =>
  import("../deployment-form.tsx").then((module) => module.DeploymentForm),
);
