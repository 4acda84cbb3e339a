import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { singleton } from "#lib/singleton.ts";

/** A call that wants to know whether its connection has carried another one before. */
export interface SocketUser {
  onSocket(use: { isReused: boolean }): void;
}

interface Uses {
  counts: WeakMap<Socket, number>;
  starting: SocketUser | undefined;
}

/**
 * Tells `user` about the socket that its request is written to, next. undici begins a request and
 * names its socket in one go, with nothing in between, and says the second only on this channel.
 */
export function expectSocket(user: SocketUser): void {
  uses().starting = user;
}

function uses(): Uses {
  return singleton("egress.uses", () => {
    const state: Uses = { counts: new WeakMap(), starting: undefined };
    subscribe("undici:client:sendHeaders", (message) => {
      // The channel's message, as undici documents it.
      const { socket } = message as { socket: Socket };
      const count = state.counts.get(socket) ?? 0;
      state.counts.set(socket, count + 1);
      state.starting?.onSocket({ isReused: count > 0 });
      state.starting = undefined;
    });
    return state;
  });
}
