import type { Contestant, StartOptions } from "../contestant.ts";
import { startScript } from "../script.ts";

export async function startBare({ upstreamUrl }: StartOptions): Promise<Contestant> {
  const { child, url } = await startScript("./peers/bare-proxy.ts", upstreamUrl);
  return {
    name: "bare",
    label: "bare proxy",
    url,
    pid: child.pid ?? -1,
    headers: { authorization: "Bearer nobody-checks" },
    facts: ["bare proxy: `node:http` and undici, nothing parsed, checked or counted"],
    stop: async () => child.disconnect(),
  };
}
