ALTER TABLE "admin_tokens" ADD COLUMN "made_by" uuid;--> statement-breakpoint
ALTER TABLE "admin_tokens" ADD CONSTRAINT "admin_tokens_made_by_admin_tokens_id_fk" FOREIGN KEY ("made_by") REFERENCES "public"."admin_tokens"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "admin_tokens_made_by_idx" ON "admin_tokens" USING btree ("made_by");