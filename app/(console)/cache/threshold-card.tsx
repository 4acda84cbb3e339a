"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import type { SimilarityView } from "#lib/contract/cache-console.ts";
import { estimateThreshold, THRESHOLD_MAX, THRESHOLD_MIN } from "#lib/contract/cache-threshold.ts";
import type { SettingsInfo } from "#lib/contract/settings.ts";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { Field } from "../../_ui/field.tsx";
import { Button } from "../../_ui/primitives/button.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../../_ui/primitives/card.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { saveCache } from "./actions.ts";
import { estimateText, readThreshold, thresholdText } from "./similarity-bars.ts";

export interface ThresholdCardProps {
  similarity: SimilarityView;
  info: SettingsInfo<"cache">;
  threshold: number;
  onChange: (threshold: number) => void;
  isAdmin: boolean;
}

/** The slider, what it would have done, and for admins the way to make it hold. */
export function ThresholdCard(props: ThresholdCardProps) {
  const { similarity, info, threshold, onChange, isAdmin } = props;
  const [typed, setTyped] = useState(thresholdText(threshold));
  const choose = (next: number) => {
    onChange(next);
    setTyped(thresholdText(next));
  };
  const isTypo = readThreshold(typed) === undefined;
  const text = estimateText(threshold, estimateThreshold(similarity, threshold));
  return (
    <Card>
      <CardHeader>
        <CardTitle>Threshold</CardTitle>
      </CardHeader>
      <CardBody className="flex max-w-xl flex-col gap-4">
        <div className="flex flex-wrap items-end gap-4">
          <Field label="Similarity from which two questions are one" className="min-w-60 flex-1">
            {(control) => (
              <input
                {...control}
                type="range"
                min={THRESHOLD_MIN}
                max={THRESHOLD_MAX}
                step={0.005}
                value={threshold}
                onChange={(event) => choose(Number(event.target.value))}
                className="h-9 w-full cursor-pointer accent-primary"
              />
            )}
          </Field>
          <Field
            label="Exactly"
            className="w-24"
            error={isTypo ? "must be 0.800 to 1.000" : undefined}
          >
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                value={typed}
                onChange={(event) => {
                  setTyped(event.target.value);
                  onChange(readThreshold(event.target.value) ?? threshold);
                }}
              />
            )}
          </Field>
        </div>
        <p role="status" className="text-sm tabular-nums">
          {text}
        </p>
        {isAdmin ? (
          <Apply info={info} threshold={threshold} effect={text} isTypo={isTypo} onReset={choose} />
        ) : (
          <p className="text-muted-fg text-xs">An admin sets the threshold.</p>
        )}
      </CardBody>
    </Card>
  );
}

interface ApplyProps {
  info: SettingsInfo<"cache">;
  threshold: number;
  effect: string;
  isTypo: boolean;
  onReset: (threshold: number) => void;
}

function Apply({ info, threshold, effect, isTypo, onReset }: ApplyProps) {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const isSame = threshold === info.values.threshold;
  return (
    <div className="flex flex-wrap gap-2">
      <Button variant="primary" disabled={isSame || isTypo} onClick={() => setOpen(true)}>
        Apply {thresholdText(threshold)}
      </Button>
      {isSame ? null : (
        <Button onClick={() => onReset(info.values.threshold)}>
          Back to {thresholdText(info.values.threshold)}
        </Button>
      )}
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={`Set the threshold to ${thresholdText(threshold)}`}
        verb="Apply"
        effect={effect}
        isDanger={false}
        action={saveCache}
        input={{ threshold, expected_version: info.version }}
        onDone={() => {
          toast(`The threshold is ${thresholdText(threshold)}`);
          router.refresh();
        }}
      />
    </div>
  );
}
