import { Registry } from "prom-client";
import { expect, it } from "vitest";
import { CounterTally, HistogramTally } from "./tallies.ts";

it("tallies read as Prometheus counters and cumulative histograms", async () => {
  const registry = new Registry();
  const requests = new CounterTally(registry, { name: "requests_total", help: "Requests." });
  requests.add("chat ok", () => ({ endpoint: "chat", outcome: "ok" }));
  requests.add("chat ok", () => ({ endpoint: "chat", outcome: "ok" }), 2);
  requests.add("chat limited", () => ({ endpoint: "chat", outcome: "limited" }));
  const latency = new HistogramTally(registry, { name: "wait", help: "Wait.", bounds: [0.1, 1] });
  for (const seconds of [0.1, 0.5, 7]) {
    latency.observe("chat", () => ({ endpoint: "chat" }), seconds);
  }
  expect(await registry.metrics()).toBe(
    [
      "# HELP requests_total Requests.",
      "# TYPE requests_total counter",
      'requests_total{endpoint="chat",outcome="ok"} 3',
      'requests_total{endpoint="chat",outcome="limited"} 1',
      "",
      "# HELP wait Wait.",
      "# TYPE wait histogram",
      'wait_bucket{endpoint="chat",le="0.1"} 1',
      'wait_bucket{endpoint="chat",le="1"} 2',
      'wait_bucket{endpoint="chat",le="+Inf"} 3',
      'wait_sum{endpoint="chat"} 7.6',
      'wait_count{endpoint="chat"} 3',
      "",
    ].join("\n"),
  );
});
