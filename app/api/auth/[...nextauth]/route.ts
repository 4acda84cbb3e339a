import { answerAuth } from "#lib/console/auth-route.ts";

export const GET = answerAuth;
export const POST = answerAuth;
