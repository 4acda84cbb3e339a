import { toConduitError } from "#lib/errors.ts";
import { dataEvent } from "#lib/sse.ts";
import type { Ending } from "./ending.ts";
import { clientClosed, type Reply } from "./exchange.ts";
import { PING } from "./pings.ts";
import { earlyHeaders, refuse } from "./respond.ts";
import type { Story } from "./story.ts";

/**
 * Whether the caller wants its stream's head before there is an answer (`x-conduit-early-headers: 1`),
 * because something on its way closes what is silent while a model thinks.
 */
export function wantsEarlyHead({ stream, exchange }: Story): boolean {
  return stream && exchange.header("x-conduit-early-headers") === "1";
}

/**
 * A stream's head at once, then comments until `answer` begins. What goes wrong after it can only be
 * an event of the stream, and the head does not name who answers.
 */
export function respondEarly(story: Story, answer: Promise<Reply>, ending: Ending): Reply {
  story.hasHead = true;
  const settled = answer.catch(async (thrown: unknown) => {
    const error = toConduitError(thrown);
    await ending.fail(error);
    return refuse(story.exchange, story, error);
  });
  return { status: 200, headers: earlyHeaders(story), body: new EarlyBody(story, settled) };
}

/** Begins with a comment, which takes the head with it through either door. */
class EarlyBody implements AsyncIterableIterator<Uint8Array> {
  readonly #story: Story;
  readonly #answer: Promise<Reply>;
  #hasBegun = false;
  #rest: AsyncIterator<Uint8Array> | undefined;

  constructor(story: Story, answer: Promise<Reply>) {
    this.#story = story;
    this.#answer = answer;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      return { done: false, value: Buffer.from(PING) };
    }
    this.#rest ??= eventsOf(await this.#answer);
    return await this.#rest.next();
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    if (this.#rest === undefined) {
      this.#story.exchange.cut.abort(clientClosed());
    }
    this.#rest ??= eventsOf(await this.#answer);
    await this.#rest.return?.();
    return { done: true, value: undefined };
  }
}

/** A reply's body as a stream: a refusal becomes its one event. */
function eventsOf({ body }: Reply): AsyncIterator<Uint8Array> {
  if (typeof body === "string" || body instanceof Uint8Array) {
    return oneEvent(body.toString());
  }
  return body[Symbol.asyncIterator]();
}

async function* oneEvent(data: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(dataEvent(data));
}
