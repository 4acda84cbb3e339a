CREATE TABLE "cache_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"scope_kind" text NOT NULL,
	"scope_id" uuid NOT NULL,
	"key_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"team_id" uuid,
	"endpoint" text NOT NULL,
	"model_asked" text NOT NULL,
	"deployment_id" uuid,
	"deployment_name" text,
	"provider" text,
	"model" text,
	"stream" boolean NOT NULL,
	"source_request_id" uuid NOT NULL,
	"cost_nanos" bigint NOT NULL,
	"size_bytes" integer NOT NULL,
	"key_version" text,
	"wrapped_key" "bytea",
	"box" "bytea",
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cache_lookups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"key_id" uuid NOT NULL,
	"team_id" uuid,
	"model_asked" text NOT NULL,
	"best_similarity" real,
	"hit" boolean NOT NULL,
	"guard" text,
	"entry_id" uuid,
	"agreement" real,
	"key_version" text,
	"wrapped_key" "bytea",
	"box" "bytea"
);
--> statement-breakpoint
CREATE TABLE "guardrail_rollup_1h" (
	"bucket_start" timestamp with time zone NOT NULL,
	"rule_id" uuid NOT NULL,
	"stage" text NOT NULL,
	"mode" text NOT NULL,
	"action" text NOT NULL,
	"state" text NOT NULL,
	"runs" bigint DEFAULT 0 NOT NULL,
	"matches" bigint DEFAULT 0 NOT NULL,
	"duration_buckets" bigint[] NOT NULL,
	CONSTRAINT "guardrail_rollup_1h_key" PRIMARY KEY("bucket_start","rule_id","stage","mode","action","state")
);
--> statement-breakpoint
CREATE TABLE "guardrail_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"type" text NOT NULL,
	"stages" text[] NOT NULL,
	"action" text NOT NULL,
	"mode" text DEFAULT 'shadow' NOT NULL,
	"scope_kind" text DEFAULT 'organization' NOT NULL,
	"scope_ref" text,
	"fail" text DEFAULT 'closed' NOT NULL,
	"priority" integer NOT NULL,
	"config" jsonb NOT NULL,
	"secret_key_version" text,
	"secret_wrapped_key" "bytea",
	"secret_box" "bytea",
	"secret_last4" text,
	"message" text,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "guardrail_rules_scope" CHECK (("guardrail_rules"."scope_kind" = 'organization') = ("guardrail_rules"."scope_ref" is null))
);
--> statement-breakpoint
CREATE TABLE "guardrail_verdicts" (
	"request_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"position" integer NOT NULL,
	"rule_id" uuid NOT NULL,
	"rule_name" text NOT NULL,
	"rule_version" integer NOT NULL,
	"rule_type" text NOT NULL,
	"stage" text NOT NULL,
	"action" text NOT NULL,
	"mode" text NOT NULL,
	"state" text NOT NULL,
	"matches" integer NOT NULL,
	"kinds" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"score" real,
	"duration_us" integer NOT NULL,
	"reason" text,
	CONSTRAINT "guardrail_verdicts_created_at_request_id_position_pk" PRIMARY KEY("created_at","request_id","position")
) PARTITION BY RANGE ("created_at");
--> statement-breakpoint
CREATE TABLE "guardrail_verdicts_default" PARTITION OF "guardrail_verdicts" DEFAULT;
--> statement-breakpoint
CREATE TABLE "prompt_labels" (
	"prompt_id" uuid NOT NULL,
	"label" text NOT NULL,
	"version" integer NOT NULL,
	"updated_by" uuid,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "prompt_labels_prompt_id_label_pk" PRIMARY KEY("prompt_id","label")
);
--> statement-breakpoint
CREATE TABLE "prompt_versions" (
	"prompt_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"messages" jsonb NOT NULL,
	"variables" jsonb NOT NULL,
	"model_hint" text,
	"note" text NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "prompt_versions_prompt_id_version_pk" PRIMARY KEY("prompt_id","version")
);
--> statement-breakpoint
CREATE TABLE "prompts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "coalesce" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "request_logs" ADD COLUMN "saved_nanos" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "request_logs" ADD COLUMN "cache_source_id" uuid;--> statement-breakpoint
ALTER TABLE "request_logs" ADD COLUMN "cache_similarity" real;--> statement-breakpoint
ALTER TABLE "request_logs" ADD COLUMN "prompt_name" text;--> statement-breakpoint
ALTER TABLE "request_logs" ADD COLUMN "prompt_version" integer;--> statement-breakpoint
ALTER TABLE "request_logs" ADD COLUMN "guardrail_result" text;--> statement-breakpoint
ALTER TABLE "teams" ADD COLUMN "share_cache" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_rollup_15m" ADD COLUMN "saved_nanos" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_rollup_1h" ADD COLUMN "saved_nanos" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "prompt_labels" ADD CONSTRAINT "prompt_labels_updated_by_users_id_fk" FOREIGN KEY ("updated_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prompt_labels" ADD CONSTRAINT "prompt_labels_version_fk" FOREIGN KEY ("prompt_id","version") REFERENCES "public"."prompt_versions"("prompt_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prompt_versions" ADD CONSTRAINT "prompt_versions_prompt_id_prompts_id_fk" FOREIGN KEY ("prompt_id") REFERENCES "public"."prompts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prompt_versions" ADD CONSTRAINT "prompt_versions_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prompts" ADD CONSTRAINT "prompts_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "cache_entries_digest_key" ON "cache_entries" USING btree ("digest");--> statement-breakpoint
CREATE INDEX "cache_entries_created_idx" ON "cache_entries" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "cache_entries_expires_idx" ON "cache_entries" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "cache_entries_model_idx" ON "cache_entries" USING btree ("model_asked");--> statement-breakpoint
CREATE INDEX "cache_entries_team_idx" ON "cache_entries" USING btree ("team_id");--> statement-breakpoint
CREATE INDEX "cache_lookups_created_idx" ON "cache_lookups" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "guardrail_rules_name_key" ON "guardrail_rules" USING btree ("name");--> statement-breakpoint
CREATE INDEX "guardrail_rules_priority_idx" ON "guardrail_rules" USING btree ("priority","id");--> statement-breakpoint
CREATE INDEX "guardrail_verdicts_rule_idx" ON "guardrail_verdicts" USING btree ("rule_id","state","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "prompts_name_key" ON "prompts" USING btree ("name");--> statement-breakpoint
CREATE INDEX "request_logs_guardrail_idx" ON "request_logs" USING btree ("guardrail_result","created_at","id") WHERE "request_logs"."guardrail_result" <> 'passed';--> statement-breakpoint
CREATE INDEX "request_logs_cache_source_idx" ON "request_logs" USING btree ("cache_source_id") WHERE "request_logs"."cache_source_id" is not null;--> statement-breakpoint
CREATE INDEX "request_logs_prompt_idx" ON "request_logs" USING btree ("prompt_name","created_at","id") WHERE "request_logs"."prompt_name" is not null;