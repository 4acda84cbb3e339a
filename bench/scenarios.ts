import type { Load } from "./measure.ts";

/** What is measured, and how hard. */
export const SCENARIOS = {
  requests: { title: "whole answers, 64 connections", stream: false, connections: 64, share: 1 },
  streams: { title: "streams, 16 connections", stream: true, connections: 16, share: 1 },
  alone: { title: "whole answers, one connection", stream: false, connections: 1, share: 0.5 },
} as const;

export type ScenarioName = keyof typeof SCENARIOS;
export const SCENARIO_NAMES: readonly ScenarioName[] = ["requests", "streams", "alone"];

const FIRST_WARM_UP_MS = 4_000;
const WARM_UP_MS = 1_000;

export function loadOf(scenario: ScenarioName, round: number, seconds: number): Load {
  const { stream, connections, share } = SCENARIOS[scenario];
  return {
    stream,
    connections,
    warmUpMs: round === 0 ? FIRST_WARM_UP_MS : WARM_UP_MS,
    durationMs: seconds * share * 1000,
  };
}
