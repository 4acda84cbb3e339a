import type { Channel } from "./channel.ts";
import { isLikeJson, readEscapes } from "./json-literals.ts";
import { JsonText } from "./json-text.ts";
import type { TextSlot } from "./texts.ts";

/** A complete channel as texts that can be replaced; JSON is read literal by literal. */
export class FinalText {
  readonly slots: TextSlot[];
  readonly #channel: Channel;
  readonly #json: JsonText | null;
  #text: string;
  #isReplaced = false;

  constructor(channel: Channel) {
    this.#channel = channel;
    this.#text = channel.complete === "" ? channel.text : channel.complete;
    this.#json = channel.isArguments
      ? new JsonText(this.#text, (text) => this.#replace(text))
      : null;
    this.slots = this.#json?.slots(() => channel.path) ?? [this.#slot()];
  }

  /** Lets the channel leave, as its slots say now. */
  clear(): void {
    this.#json?.flush();
    const { end } = this.#channel;
    const whole = { start: 0, end, label: this.#text };
    this.#channel.clear(end, this.#isReplaced ? [whole] : [], 0);
  }

  #replace(text: string): void {
    this.#text = text;
    this.#isReplaced = true;
  }

  #slot(): TextSlot {
    const { path, origin } = this.#channel;
    const text = isLikeJson(this.#text) ? readEscapes(this.#text) : this.#text;
    const slot: TextSlot = {
      path,
      origin,
      text,
      replace: (text) => {
        slot.text = text;
        this.#replace(text);
      },
    };
    return slot;
  }
}
