import { type Door, startWorld, type World } from "./world.ts";

const worlds = new Map<Door, Promise<World>>();

/** The one world behind this door in which all of the SDKs' cases run; it is started for the first. */
export function sharedWorld(door: Door): Promise<World> {
  const known = worlds.get(door);
  if (known !== undefined) {
    return known;
  }
  const started = startWorld(door);
  worlds.set(door, started);
  return started;
}

/** Ends those that were started. */
export async function closeSharedWorlds(): Promise<void> {
  const started = await Promise.allSettled(worlds.values());
  worlds.clear();
  for (const world of started) {
    if (world.status === "fulfilled") {
      await world.value.close();
    }
  }
}
