import { answerReady } from "#lib/console/health.ts";
import { defineMethods } from "#lib/console/methods.ts";

export const { GET, POST, PUT, PATCH, DELETE } = defineMethods({ GET: answerReady });
