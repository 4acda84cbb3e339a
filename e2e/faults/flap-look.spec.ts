import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { it } from "vitest";
import { chatReply } from "#lib/testing/openai-replies.ts";
import { ask } from "./client.ts";
import { startFaultWorld } from "./world.ts";

it("flap", async () => {
  const world = await startFaultWorld({
    store: "stores",
    env: { CONDUIT_LAME_DUCK_SECONDS: "1", CONDUIT_DRAIN_SECONDS: "5", CONDUIT_LOG_LEVEL: "info" },
    handler: () => chatReply("still here"),
  });
  await world.addModel("m");
  const { key } = await world.gateway.addKey({ budget_limit_usd: "1000000" });
  let on = true;
  let statuses: Record<string, number> = {};
  const under = new Set<Promise<void>>();
  const timer = setInterval(() => {
    if (under.size > 100) return;
    const p: Promise<void> = ask({ url: world.gateway.url, key, model: "m" }).then((o) => {
      statuses[o.status] = (statuses[o.status] ?? 0) + 1;
      under.delete(p);
    });
    under.add(p);
  }, 30);
  const flap = (async () => {
    while (on) {
      world.redisProxy?.set({ latencyMs: 80 });
      world.postgresProxy?.set({ latencyMs: 700 });
      await sleep(600 + Math.random() * 1500);
      world.postgresProxy?.set({ latencyMs: 0 });
      if (Math.random() < 0.5) world.redisProxy?.set({ latencyMs: 0 });
      await sleep(200 + Math.random() * 800);
    }
  })();
  for (let i = 0; i < Number(process.env["ROUNDS"] ?? 6); i += 1) {
    statuses = {};
    await sleep(2000 + Math.random() * 3000);
    const t0 = performance.now();
    const exit = await world.gateway.kill("SIGTERM");
    process.stderr.write(
      `round ${i} exit ${JSON.stringify(exit)} ${Math.round(performance.now() - t0)} ${JSON.stringify(statuses)}\n`,
    );
    writeFileSync(`/tmp/roll/flap-${i}.log`, world.gateway.stdout() + world.gateway.stderr());
    world.gateway = await world.startReplica(0);
  }
  on = false;
  clearInterval(timer);
  await flap;
  world.postgresProxy?.set({ latencyMs: 0 });
  await world.close();
}, 500_000);
