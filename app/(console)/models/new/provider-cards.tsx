import Link from "next/link";
import { PROVIDERS, type ProviderRow } from "#lib/catalog/providers.ts";
import { cn } from "../../../_ui/cn.ts";
import { focusRing } from "../../../_ui/primitives/focus-ring.ts";

/** The mock comes first: it answers without any key, which is where a newcomer begins. */
const ORDER: readonly string[] = ["mock", "openai", "anthropic", "google", "mistral"];

function rankOf(id: string): number {
  const at = ORDER.indexOf(id);
  return at === -1 ? ORDER.length : at;
}

/** Step one: who answers. Each card leads to the form of that provider. */
export function ProviderCards() {
  const rows = Object.entries<ProviderRow>(PROVIDERS).toSorted(
    ([a, one], [b, other]) => rankOf(a) - rankOf(b) || one.label.localeCompare(other.label),
  );
  return (
    <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3 xl:grid-cols-4">
      {rows.map(([id, row]) => (
        <li key={id}>
          <Link
            href={`/models/new?provider=${id}`}
            className={cn(
              focusRing,
              "flex h-full flex-col gap-1 rounded-lg border border-border bg-bg p-4 hover:border-input hover:bg-surface",
            )}
          >
            <span className="font-medium text-base">{row.label}</span>
            <span className="text-muted-fg text-sm">{describeNeeds(id, row)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function describeNeeds(id: string, row: ProviderRow): string {
  if (id === "mock") {
    return "Answers without any key or network. A good first deployment, and for tests.";
  }
  const needsKey = row.auth.kind !== "none" && row.keyOptional !== true;
  const parts = [
    row.baseUrl === null ? "Your own address" : "",
    needsKey ? "Needs a key" : "Key optional",
    row.free === true ? "Free by declaration" : "",
  ];
  return parts.filter((part) => part !== "").join(". ");
}
