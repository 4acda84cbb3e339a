import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { createdAt, id, nanos, updatedAt } from "./columns.ts";
import { providerCredentials } from "./provider-credentials.ts";

/** A model at a provider, with the credential that reaches it. */
export const deployments = pgTable(
  "deployments",
  {
    id: id(),
    name: text("name").notNull(),
    /** A row id of `catalog/providers.ts`. */
    provider: text("provider").notNull(),
    modelName: text("model_name").notNull(),
    /** As it was given; null is the provider row's. `resolveBaseUrl` makes the URL that is called. */
    apiBase: text("api_base"),
    credentialId: uuid("credential_id").references(() => providerCredentials.id),
    /** Lower is tried first. */
    priority: integer("priority").notNull().default(1),
    weight: integer("weight").notNull().default(100),
    isActive: boolean("is_active").notNull().default(true),
    timeoutMs: integer("timeout_ms"),
    maxRpm: integer("max_rpm"),
    maxTpm: bigint("max_tpm", { mode: "number" }),
    tags: text("tags").array().notNull().default([]),
    settings: jsonb("settings")
      .$type<Record<string, string | number | boolean>>()
      .notNull()
      .default({}),
    /** Prices that stand before the catalogue's. */
    inputPricePerMillionNanos: nanos("input_price_per_million_nanos"),
    outputPricePerMillionNanos: nanos("output_price_per_million_nanos"),
    allowDroppingUnsupportedFields: boolean("allow_dropping_unsupported_fields")
      .notNull()
      .default(false),
    /** Raised by every edit. */
    version: integer("version").notNull().default(1),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    // Names are asked for as models, so two may not share one.
    uniqueIndex("deployments_name_key").on(table.name),
    // Whether a credential is still in use when a deployment lets go of it.
    index("deployments_credential_idx").on(table.credentialId),
  ],
);
