import { serveCron } from "#lib/gateway/cron.ts";

export const dynamic = "force-dynamic";

export const GET = serveCron;
