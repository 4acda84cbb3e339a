CREATE TABLE "admin_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"pepper_version" text NOT NULL,
	"hint" text NOT NULL,
	"scopes" text[] NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alias_members" (
	"alias_id" uuid NOT NULL,
	"deployment_id" uuid NOT NULL,
	"priority" integer DEFAULT 1 NOT NULL,
	"weight" integer DEFAULT 100 NOT NULL,
	CONSTRAINT "alias_members_alias_id_deployment_id_pk" PRIMARY KEY("alias_id","deployment_id")
);
--> statement-breakpoint
CREATE TABLE "aliases" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"strategy" text DEFAULT 'priority' NOT NULL,
	"max_attempts" integer,
	"fallbacks" text[] DEFAULT '{}' NOT NULL,
	"timeout_ms" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "aliases_strategy" CHECK ("aliases"."strategy" in ('priority', 'weighted', 'lowest_cost', 'lowest_latency'))
);
--> statement-breakpoint
CREATE TABLE "api_key_secrets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key_id" uuid NOT NULL,
	"digest" "bytea" NOT NULL,
	"pepper_version" text NOT NULL,
	"hint" text NOT NULL,
	"valid_until" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"alias" text,
	"user_id" uuid NOT NULL,
	"team_id" uuid,
	"allowed_models" text[],
	"rate_limit_rpm" integer,
	"rate_limit_tpm" bigint,
	"max_parallel" integer,
	"allowed_cidrs" text[],
	"tags" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"revoked_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"sequence" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"actor_type" text NOT NULL,
	"actor_id" text,
	"actor_name" text NOT NULL,
	"action" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text,
	"team_id" uuid,
	"before" jsonb,
	"after" jsonb,
	"ip" text,
	"request_id" uuid,
	"prev_hash" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "budget_reservations" (
	"request_id" uuid PRIMARY KEY NOT NULL,
	"budget_ids" uuid[] NOT NULL,
	"estimate_nanos" bigint NOT NULL,
	"actual_nanos" bigint,
	"state" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "budget_reservations_state" CHECK ("budget_reservations"."state" in ('open', 'settled', 'released', 'expired'))
);
--> statement-breakpoint
CREATE TABLE "budgets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject" text NOT NULL,
	"subject_id" text NOT NULL,
	"period" text NOT NULL,
	"limit_nanos" bigint,
	"soft_limit_percent" integer,
	"spent_nanos" bigint DEFAULT 0 NOT NULL,
	"reserved_nanos" bigint DEFAULT 0 NOT NULL,
	"window_start" timestamp with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "budgets_period" CHECK ("budgets"."period" in ('total', 'day', 'week', 'month'))
);
--> statement-breakpoint
CREATE TABLE "config_changes" (
	"version" bigint PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "config_version" (
	"id" smallint PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL,
	CONSTRAINT "config_version_single" CHECK ("config_version"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "deployments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"provider" text NOT NULL,
	"model_name" text NOT NULL,
	"api_base" text,
	"credential_id" uuid,
	"priority" integer DEFAULT 1 NOT NULL,
	"weight" integer DEFAULT 100 NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"timeout_ms" integer,
	"max_rpm" integer,
	"max_tpm" bigint,
	"tags" text[] DEFAULT '{}' NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"input_price_per_million_nanos" bigint,
	"output_price_per_million_nanos" bigint,
	"allow_dropping_unsupported_fields" boolean DEFAULT false NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "provider_credentials" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"key_version" text NOT NULL,
	"wrapped_key" "bytea" NOT NULL,
	"box" "bytea" NOT NULL,
	"last4" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "request_attempts" (
	"request_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"position" integer NOT NULL,
	"deployment_id" uuid NOT NULL,
	"deployment_name" text NOT NULL,
	"provider" text NOT NULL,
	"status" integer,
	"error_code" text,
	"error_message" text,
	"started_at" timestamp (3) with time zone NOT NULL,
	"duration_ms" real NOT NULL,
	"ended" text NOT NULL,
	"cost_nanos" bigint NOT NULL,
	CONSTRAINT "request_attempts_created_at_request_id_position_pk" PRIMARY KEY("created_at","request_id","position")
) PARTITION BY RANGE ("created_at");
--> statement-breakpoint
CREATE TABLE "request_attempts_default" PARTITION OF "request_attempts" DEFAULT;
--> statement-breakpoint
CREATE TABLE "request_logs" (
	"id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"key_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"team_id" uuid,
	"dialect" text NOT NULL,
	"endpoint" text NOT NULL,
	"model_asked" text NOT NULL,
	"alias" text,
	"deployment_id" uuid,
	"deployment_name" text,
	"provider" text,
	"model" text,
	"status" integer NOT NULL,
	"outcome" text NOT NULL,
	"error_code" text,
	"error_message" text,
	"input_tokens" integer DEFAULT 0 NOT NULL,
	"cache_read_tokens" integer DEFAULT 0 NOT NULL,
	"cache_write_5m_tokens" integer DEFAULT 0 NOT NULL,
	"cache_write_1h_tokens" integer DEFAULT 0 NOT NULL,
	"output_tokens" integer DEFAULT 0 NOT NULL,
	"reasoning_tokens" integer DEFAULT 0 NOT NULL,
	"audio_in_tokens" integer DEFAULT 0 NOT NULL,
	"audio_out_tokens" integer DEFAULT 0 NOT NULL,
	"estimated" boolean DEFAULT false NOT NULL,
	"cost_nanos" bigint NOT NULL,
	"price_snapshot" jsonb,
	"price_state" text NOT NULL,
	"latency_ms" real NOT NULL,
	"ttft_ms" real,
	"overhead_ms" real NOT NULL,
	"attempt_count" integer NOT NULL,
	"stream" boolean NOT NULL,
	"cache_result" text NOT NULL,
	"adjusted" text[] DEFAULT '{}' NOT NULL,
	"tags" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"session" text,
	"ip" text,
	"user_agent" text,
	CONSTRAINT "request_logs_created_at_id_pk" PRIMARY KEY("created_at","id")
) PARTITION BY RANGE ("created_at");
--> statement-breakpoint
CREATE TABLE "request_logs_default" PARTITION OF "request_logs" DEFAULT;
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "team_members" (
	"team_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role" text DEFAULT 'member' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "team_members_team_id_user_id_pk" PRIMARY KEY("team_id","user_id"),
	CONSTRAINT "team_members_role" CHECK ("team_members"."role" in ('team_admin', 'member'))
);
--> statement-breakpoint
CREATE TABLE "teams" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"allowed_models" text[],
	"rate_limit_rpm" integer,
	"rate_limit_tpm" bigint,
	"max_parallel" integer,
	"deleted_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_rollup_15m" (
	"bucket_start" timestamp with time zone NOT NULL,
	"key_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"team_id" uuid DEFAULT '00000000-0000-0000-0000-000000000000' NOT NULL,
	"alias" text DEFAULT '' NOT NULL,
	"model_asked" text DEFAULT '' NOT NULL,
	"model" text DEFAULT '' NOT NULL,
	"provider" text DEFAULT '' NOT NULL,
	"deployment_id" uuid DEFAULT '00000000-0000-0000-0000-000000000000' NOT NULL,
	"outcome" text NOT NULL,
	"requests" bigint DEFAULT 0 NOT NULL,
	"unpriced_requests" bigint DEFAULT 0 NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_read_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_write_5m_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_write_1h_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"reasoning_tokens" bigint DEFAULT 0 NOT NULL,
	"audio_in_tokens" bigint DEFAULT 0 NOT NULL,
	"audio_out_tokens" bigint DEFAULT 0 NOT NULL,
	"cost_nanos" bigint DEFAULT 0 NOT NULL,
	"latency_ms_sum" double precision DEFAULT 0 NOT NULL,
	"latency_buckets" bigint[] NOT NULL,
	CONSTRAINT "usage_rollup_15m_key" PRIMARY KEY("bucket_start","key_id","user_id","team_id","alias","model_asked","model","provider","deployment_id","outcome")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text,
	"password_hash" text,
	"role" text DEFAULT 'member' NOT NULL,
	"suspended_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_lower" CHECK ("users"."email" = lower("users"."email")),
	CONSTRAINT "users_role" CHECK ("users"."role" in ('admin', 'member'))
);
--> statement-breakpoint
ALTER TABLE "alias_members" ADD CONSTRAINT "alias_members_alias_id_aliases_id_fk" FOREIGN KEY ("alias_id") REFERENCES "public"."aliases"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alias_members" ADD CONSTRAINT "alias_members_deployment_id_deployments_id_fk" FOREIGN KEY ("deployment_id") REFERENCES "public"."deployments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_key_secrets" ADD CONSTRAINT "api_key_secrets_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deployments" ADD CONSTRAINT "deployments_credential_id_provider_credentials_id_fk" FOREIGN KEY ("credential_id") REFERENCES "public"."provider_credentials"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_members" ADD CONSTRAINT "team_members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "admin_tokens_digest_key" ON "admin_tokens" USING btree ("digest");--> statement-breakpoint
CREATE INDEX "alias_members_deployment_idx" ON "alias_members" USING btree ("deployment_id");--> statement-breakpoint
CREATE UNIQUE INDEX "aliases_name_key" ON "aliases" USING btree ("name");--> statement-breakpoint
CREATE UNIQUE INDEX "api_key_secrets_digest_key" ON "api_key_secrets" USING btree ("digest");--> statement-breakpoint
CREATE INDEX "api_key_secrets_key_idx" ON "api_key_secrets" USING btree ("key_id");--> statement-breakpoint
CREATE INDEX "api_keys_created_idx" ON "api_keys" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "api_keys_user_idx" ON "api_keys" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "api_keys_team_idx" ON "api_keys" USING btree ("team_id");--> statement-breakpoint
CREATE UNIQUE INDEX "audit_events_sequence_key" ON "audit_events" USING btree ("sequence");--> statement-breakpoint
CREATE INDEX "audit_events_target_idx" ON "audit_events" USING btree ("target_type","target_id","sequence");--> statement-breakpoint
CREATE INDEX "budget_reservations_open_idx" ON "budget_reservations" USING btree ("expires_at") WHERE "budget_reservations"."state" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "budgets_subject_key" ON "budgets" USING btree ("subject","subject_id","period");--> statement-breakpoint
CREATE UNIQUE INDEX "deployments_name_key" ON "deployments" USING btree ("name");--> statement-breakpoint
CREATE INDEX "deployments_credential_idx" ON "deployments" USING btree ("credential_id");--> statement-breakpoint
CREATE INDEX "request_logs_key_idx" ON "request_logs" USING btree ("key_id","created_at","id");--> statement-breakpoint
CREATE INDEX "request_logs_user_idx" ON "request_logs" USING btree ("user_id","created_at","id");--> statement-breakpoint
CREATE INDEX "request_logs_team_idx" ON "request_logs" USING btree ("team_id","created_at","id") WHERE "request_logs"."team_id" is not null;--> statement-breakpoint
CREATE INDEX "request_logs_deployment_idx" ON "request_logs" USING btree ("deployment_id","created_at","id") WHERE "request_logs"."deployment_id" is not null;--> statement-breakpoint
CREATE INDEX "request_logs_model_idx" ON "request_logs" USING btree ("model_asked","created_at","id");--> statement-breakpoint
CREATE INDEX "request_logs_outcome_idx" ON "request_logs" USING btree ("outcome","created_at","id") WHERE "request_logs"."outcome" <> 'ok';--> statement-breakpoint
CREATE INDEX "request_logs_session_idx" ON "request_logs" USING btree ("session","created_at","id") WHERE "request_logs"."session" is not null;--> statement-breakpoint
CREATE INDEX "request_logs_tags_idx" ON "request_logs" USING gin ("tags" jsonb_path_ops) WHERE "request_logs"."tags" <> '{}'::jsonb;--> statement-breakpoint
CREATE INDEX "team_members_user_idx" ON "team_members" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "teams_name_key" ON "teams" USING btree ("name") WHERE "teams"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "usage_rollup_15m_key_idx" ON "usage_rollup_15m" USING btree ("key_id","bucket_start");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_key" ON "users" USING btree ("email");--> statement-breakpoint
INSERT INTO "config_version" ("id", "version") VALUES (1, 1);--> statement-breakpoint
CREATE FUNCTION "refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_events is append-only';
END
$$;--> statement-breakpoint
CREATE TRIGGER "audit_events_append_only" BEFORE UPDATE OR DELETE ON "audit_events"
  FOR EACH ROW EXECUTE FUNCTION "refuse_audit_change"();
