import { defineScript } from "./script.ts";

/**
 * Whether Redis can do what is asked of it: run a script that writes. A server that answers PING but
 * takes no writes (a demoted primary, one without memory left) is no more use than one that is gone.
 *
 * KEYS: a key of no other use.
 */
export const checkAlive = defineScript("return redis.call('SET', KEYS[1], '1', 'PX', 60000)");
