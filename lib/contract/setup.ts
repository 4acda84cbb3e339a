import { z } from "zod";
import { generalSettings, retentionSettings } from "./settings.ts";
import { newPassword } from "./sign-in.ts";
import { emailAddress } from "./user.ts";

/** The first run, step by step. */
export const SETUP_STEPS = ["Admin", "Organisation", "Provider", "First key"] as const;
export const LAST_STEP = SETUP_STEPS.length;

export const setupAdmin = z
  .strictObject({
    setup_token: z.string().trim().min(1, "must be given").max(512),
    name: z.string().trim().min(1, "must not be empty").max(120),
    email: emailAddress,
    password: newPassword,
    confirm: z.string(),
  })
  .refine(({ password, confirm }) => password === confirm, {
    path: ["confirm"],
    message: "must be the same as the password",
  });
export type SetupAdmin = z.infer<typeof setupAdmin>;

export const setupOrganisation = z.strictObject({
  organisation_name: generalSettings.shape.organisation_name.unwrap(),
  /** Left out when the environment sets it. */
  public_url: generalSettings.shape.public_url.unwrap().optional(),
  reporting_zone: generalSettings.shape.reporting_zone.unwrap(),
  payload_storage: retentionSettings.shape.payload_storage.unwrap(),
});
export type SetupOrganisation = z.infer<typeof setupOrganisation>;

export const setupKey = z.strictObject({
  alias: z.string().trim().min(1, "must not be empty").max(80),
});

/** How far the first run has come, and what was entered. */
export interface SetupState {
  /** The first step that is not done; steps before it can be looked at again. */
  reached: number;
  /** The administrator's address, once there is one. */
  admin_email: string | null;
  /** Whether this browser is signed in as an administrator. */
  is_admin: boolean;
  organisation: {
    organisation_name: string;
    public_url: string | null;
    is_public_url_fixed: boolean;
    /** Null while nobody has chosen: the browser's own zone is offered. */
    reporting_zone: string | null;
    payload_storage: "metadata" | "full";
  };
  deployments: string[];
}

/** The first request of a key, once it has come in. */
export interface FirstRequestView {
  request: {
    id: string;
    status: number;
    latency_ms: number;
    cost_usd: string | null;
  } | null;
}
