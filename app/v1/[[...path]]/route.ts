import { serve } from "#lib/gateway/serve.ts";

// Next reads these from the file itself: never cached, never on the edge.
export const dynamic = "force-dynamic";
export const runtime = "nodejs";
export const maxDuration = 800;

export const GET = serve;
export const POST = serve;
export const PUT = serve;
export const PATCH = serve;
export const DELETE = serve;
