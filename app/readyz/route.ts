import { serve } from "#lib/gateway/serve.ts";

export const dynamic = "force-dynamic";

export const GET = serve;
