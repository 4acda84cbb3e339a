ALTER TABLE "budgets" ADD COLUMN "raise_nanos" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "budgets" ADD COLUMN "raise_until" timestamp with time zone;