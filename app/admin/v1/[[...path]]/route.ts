import { refuseUnknownPath } from "#lib/console/methods.ts";

export const { GET, POST, PUT, PATCH, DELETE } = refuseUnknownPath();
