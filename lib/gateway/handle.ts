import { toConduitError } from "#lib/errors.ts";
import type { RoutePlan } from "#lib/routing/plan.ts";
import { admitRequest } from "./admission.ts";
import { attempt } from "./attempt.ts";
import { lookUp, remember } from "./caching.ts";
import { respondEarly, wantsEarlyHead } from "./early-head.ts";
import { type Ending, openEnding } from "./ending.ts";
import type { Endpoint } from "./endpoints/endpoint.ts";
import type { Exchange, Reply } from "./exchange.ts";
import { identify } from "./identify.ts";
import { planRequest } from "./planning.ts";
import { readRequest } from "./reading.ts";
import { refuse, respond } from "./respond.ts";
import { screenAnswer, screenRequest } from "./screening.ts";
import { openStory, type Story } from "./story.ts";

/**
 * One request, from its bytes to its reply. Whole and streamed answers, every endpoint and both
 * doors take this way, and every end of it passes through the one ending.
 */
export async function handle(exchange: Exchange, endpoint: Endpoint): Promise<Reply> {
  const story = openStory(exchange, endpoint);
  const ending = openEnding(story);
  try {
    await identify(story);
    await readRequest(story);
    const plan = planRequest(story);
    await admitRequest(story, plan);
    ending.announce();
    await screenRequest(story);
    const reply = answer(story, plan, ending);
    return wantsEarlyHead(story) ? respondEarly(story, reply, ending) : await reply;
  } catch (thrown) {
    const error = toConduitError(thrown);
    await ending.fail(error);
    return refuse(exchange, story, error);
  }
}

/** Have we answered, ask them, is it safe, reply. */
async function answer(story: Story, plan: RoutePlan, ending: Ending): Promise<Reply> {
  const found = (await lookUp(story, plan)) ?? (await attempt(story, plan));
  const kept = remember(story, await screenAnswer(story, found));
  return await respond(story, kept, ending);
}
