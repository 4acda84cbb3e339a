"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { getProviderLabel } from "#lib/catalog/providers.ts";
import type { PriceInfo, UnpricedModel } from "#lib/contract/price.ts";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { formatCount } from "../../../_ui/format.ts";
import { Button } from "../../../_ui/primitives/button.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../../_ui/primitives/card.tsx";
import { DeletePrice } from "./delete-price.tsx";
import { PriceSheet } from "./price-sheet.tsx";
import { PriceTable } from "./price-table.tsx";
import { NEW_PRICE, type PriceValues, valuesOf } from "./price-values.ts";

interface PriceBoardProps {
  prices: readonly PriceInfo[];
  total: number;
  unpriced: readonly UnpricedModel[];
}

type Asked =
  | { kind: "new"; values: PriceValues }
  | { kind: "edit"; price: PriceInfo }
  | { kind: "delete"; price: PriceInfo }
  | null;

/** What nobody can bill comes first, then every price that was set here. */
export function PriceBoard({ prices, total, unpriced }: PriceBoardProps) {
  const [asked, setAsked] = useState<Asked>(null);
  const close = () => setAsked(null);
  return (
    <div className="flex flex-col gap-4">
      <UnpricedCard
        models={unpriced}
        onAdd={({ provider, model }) =>
          setAsked({ kind: "new", values: { ...NEW_PRICE, model_pattern: model, provider } })
        }
      />
      <Card>
        <CardHeader>
          <CardTitle>Prices set here</CardTitle>
          <Button variant="primary" onClick={() => setAsked({ kind: "new", values: NEW_PRICE })}>
            <Plus aria-hidden /> Add price
          </Button>
          <CardDescription>
            They stand before the built-in catalogue and after a deployment's own price. New costs
            use them at once; what was recorded before stays.
          </CardDescription>
        </CardHeader>
        <CardBody className="flex flex-col gap-2">
          <PriceTable
            prices={prices}
            onEdit={(price) => setAsked({ kind: "edit", price })}
            onDelete={(price) => setAsked({ kind: "delete", price })}
            empty={
              <EmptyState title="No prices set here.">
                Costs come from the built-in catalogue, or from a deployment's own price.
              </EmptyState>
            }
          />
          {total > prices.length ? (
            <p className="text-muted-fg text-sm">
              Shown are {formatCount(prices.length)} of {formatCount(total)}; the admin API lists
              all of them.
            </p>
          ) : null}
        </CardBody>
      </Card>
      {asked?.kind === "new" ? <PriceSheet initial={asked.values} onClose={close} /> : null}
      {asked?.kind === "edit" ? (
        <PriceSheet initial={valuesOf(asked.price)} id={asked.price.id} onClose={close} />
      ) : null}
      {asked?.kind === "delete" ? <DeletePrice price={asked.price} onClose={close} /> : null}
    </div>
  );
}

interface UnpricedCardProps {
  models: readonly UnpricedModel[];
  onAdd: (model: UnpricedModel) => void;
}

function UnpricedCard({ models, onAdd }: UnpricedCardProps) {
  return (
    <Card>
      <CardHeader>
        <CardTitle>Models without a price</CardTitle>
        <CardDescription>
          They answered in the last 30 days, and their cost is in no sum. Keys with a budget cannot
          use them.
        </CardDescription>
      </CardHeader>
      <CardBody>
        {models.length === 0 ? (
          <p className="text-muted-fg text-sm">Every model that answered has a price.</p>
        ) : (
          <ul className="flex flex-col">
            {models.map((model) => (
              <li
                key={`${model.provider} ${model.model}`}
                className="flex flex-wrap items-center gap-x-3 gap-y-1 border-border border-b py-2 text-sm last:border-b-0"
              >
                <span className="min-w-0 break-all font-mono text-[13px]">{model.model}</span>
                <span className="text-muted-fg">{getProviderLabel(model.provider)}</span>
                <span className="ml-auto tabular-nums">
                  {formatCount(model.requests)} {model.requests === 1 ? "request" : "requests"}
                </span>
                <Button
                  size="sm"
                  aria-label={`Add price for ${model.model}`}
                  onClick={() => onAdd(model)}
                >
                  Add price
                </Button>
              </li>
            ))}
          </ul>
        )}
      </CardBody>
    </Card>
  );
}
