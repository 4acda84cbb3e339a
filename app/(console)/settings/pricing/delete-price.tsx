"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import type { PriceInfo } from "#lib/contract/price.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { deletePrice } from "./actions.ts";

interface DeletePriceProps {
  price: PriceInfo;
  onClose: () => void;
}

/** The catalogue speaks again, or nobody does. */
export function DeletePrice({ price, onClose }: DeletePriceProps) {
  const router = useRouter();
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}
      title={`Delete the price of ${price.model_pattern}`}
      verb="Delete"
      effect="New requests cost what another price here or the built-in catalogue says. Without either, their cost is unknown, and keys with a budget cannot use the model. Recorded costs stay."
      action={deletePrice}
      input={{ id: price.id }}
      onDone={() => {
        toast(`The price of ${price.model_pattern} is deleted`);
        router.refresh();
      }}
    />
  );
}
