import { beforeAll, describe, expect, it } from "vitest";
import { sharedWorld } from "./shared-world.ts";
import { DOORS, type World } from "./world.ts";

describe.each(DOORS)("moderations through the %s door", (door) => {
  let world: World;

  beforeAll(async () => {
    world = await sharedWorld(door);
    await world.gateway.addDeployment({
      name: "moderation",
      provider: "mock",
      model_name: "omni-moderation-latest",
    });
  });

  it("judges one text with the model that the SDK leaves to the API", async () => {
    const answer = await world.client.moderations.create({ input: "I will bring weapons" });
    expect(answer.model).toBe("omni-moderation-latest");
    expect(answer.results).toHaveLength(1);
    expect(answer.results[0]?.flagged).toBe(true);
    expect(answer.results[0]?.categories["illicit/violent"]).toBe(true);
  });

  it("judges each of several texts", async () => {
    const answer = await world.client.moderations.create({
      model: "omni-moderation-latest",
      input: ["a murder", "a flower"],
    });
    expect(answer.results.map(({ flagged }) => flagged)).toEqual([true, false]);
  });
});
