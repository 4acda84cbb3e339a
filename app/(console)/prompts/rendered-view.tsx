import type { PromptRendered } from "#lib/contract/prompt.ts";
import { formatCount, formatMoney } from "../../_ui/format.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import { MessageList } from "../../_ui/prompts/message-list.tsx";

export interface RenderedViewProps {
  rendered: PromptRendered;
  onOpenPlayground: () => void;
}

/** The messages of a request, with their size and what reading them would cost. */
export function RenderedView({ rendered, onOpenPlayground }: RenderedViewProps) {
  const { messages, input_tokens: tokens, costs } = rendered;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-sm" data-testid="rendered-tokens">
          About {formatCount(tokens)} {tokens === 1 ? "token" : "tokens"} in.
        </p>
        <Button onClick={onOpenPlayground}>Open in the playground</Button>
      </div>
      <MessageList messages={messages} />
      {costs.length === 0 ? null : (
        <section aria-label="Cost of the input" className="flex flex-col gap-1 text-sm">
          <h3 className="font-medium">Cost of the input, by alias</h3>
          <ul className="flex flex-col">
            {costs.map(({ model, least_usd: least, most_usd: most }) => (
              <li
                key={model}
                className="flex flex-wrap justify-between gap-x-4 border-border border-b py-1.5 last:border-b-0"
              >
                <span className="min-w-0 break-all">{model}</span>
                <span className="tabular-nums">{costText(least, most)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function costText(least: string | null, most: string | null): string {
  if (least === null || most === null) {
    return "no price";
  }
  const low = formatMoney(least, "request");
  return least === most ? low : `${low} to ${formatMoney(most, "request")}`;
}
