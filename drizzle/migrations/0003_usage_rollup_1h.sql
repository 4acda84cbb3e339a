CREATE TABLE "usage_rollup_1h" (
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
	"ttft_buckets" bigint[] DEFAULT '{}' NOT NULL,
	CONSTRAINT "usage_rollup_1h_key" PRIMARY KEY("bucket_start","key_id","user_id","team_id","alias","model_asked","model","provider","deployment_id","outcome")
);
--> statement-breakpoint
ALTER TABLE "usage_rollup_15m" ADD COLUMN "ttft_buckets" bigint[] DEFAULT '{}' NOT NULL;
--> statement-breakpoint
-- What was counted so far.
INSERT INTO "usage_rollup_1h" (
	"bucket_start", "key_id", "user_id", "team_id", "alias", "model_asked", "model", "provider", "deployment_id", "outcome", "requests", "unpriced_requests", "input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens", "reasoning_tokens", "audio_in_tokens", "audio_out_tokens", "cost_nanos", "latency_ms_sum", "latency_buckets"
)
SELECT
	date_bin('1 hour', "bucket_start", '2000-01-01 00:00:00+00'), "key_id", "user_id", "team_id", "alias", "model_asked", "model", "provider", "deployment_id", "outcome",
	sum("requests"), sum("unpriced_requests"), sum("input_tokens"), sum("cache_read_tokens"), sum("cache_write_5m_tokens"), sum("cache_write_1h_tokens"), sum("output_tokens"), sum("reasoning_tokens"), sum("audio_in_tokens"), sum("audio_out_tokens"), sum("cost_nanos"), sum("latency_ms_sum"),
	ARRAY[
		coalesce(sum("latency_buckets"[1]), 0)::bigint,
		coalesce(sum("latency_buckets"[2]), 0)::bigint,
		coalesce(sum("latency_buckets"[3]), 0)::bigint,
		coalesce(sum("latency_buckets"[4]), 0)::bigint,
		coalesce(sum("latency_buckets"[5]), 0)::bigint,
		coalesce(sum("latency_buckets"[6]), 0)::bigint,
		coalesce(sum("latency_buckets"[7]), 0)::bigint,
		coalesce(sum("latency_buckets"[8]), 0)::bigint,
		coalesce(sum("latency_buckets"[9]), 0)::bigint,
		coalesce(sum("latency_buckets"[10]), 0)::bigint,
		coalesce(sum("latency_buckets"[11]), 0)::bigint,
		coalesce(sum("latency_buckets"[12]), 0)::bigint,
		coalesce(sum("latency_buckets"[13]), 0)::bigint,
		coalesce(sum("latency_buckets"[14]), 0)::bigint,
		coalesce(sum("latency_buckets"[15]), 0)::bigint,
		coalesce(sum("latency_buckets"[16]), 0)::bigint,
		coalesce(sum("latency_buckets"[17]), 0)::bigint,
		coalesce(sum("latency_buckets"[18]), 0)::bigint,
		coalesce(sum("latency_buckets"[19]), 0)::bigint,
		coalesce(sum("latency_buckets"[20]), 0)::bigint,
		coalesce(sum("latency_buckets"[21]), 0)::bigint,
		coalesce(sum("latency_buckets"[22]), 0)::bigint,
		coalesce(sum("latency_buckets"[23]), 0)::bigint,
		coalesce(sum("latency_buckets"[24]), 0)::bigint,
		coalesce(sum("latency_buckets"[25]), 0)::bigint,
		coalesce(sum("latency_buckets"[26]), 0)::bigint,
		coalesce(sum("latency_buckets"[27]), 0)::bigint,
		coalesce(sum("latency_buckets"[28]), 0)::bigint,
		coalesce(sum("latency_buckets"[29]), 0)::bigint,
		coalesce(sum("latency_buckets"[30]), 0)::bigint,
		coalesce(sum("latency_buckets"[31]), 0)::bigint,
		coalesce(sum("latency_buckets"[32]), 0)::bigint,
		coalesce(sum("latency_buckets"[33]), 0)::bigint,
		coalesce(sum("latency_buckets"[34]), 0)::bigint,
		coalesce(sum("latency_buckets"[35]), 0)::bigint,
		coalesce(sum("latency_buckets"[36]), 0)::bigint,
		coalesce(sum("latency_buckets"[37]), 0)::bigint
	]
FROM "usage_rollup_15m"
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10;
