"use client";

import { CircleCheck, TriangleAlert } from "lucide-react";
import { Card, CardBody, CardHeader, CardTitle } from "../../../_ui/primitives/card.tsx";
import { useOrigin } from "../../../_ui/use-origin.ts";
import { type AddressFacts, addressFindings } from "./address-findings.ts";

export type AddressCheckProps = Omit<AddressFacts, "origin">;

/** Whether the browser, the proxies and the settings agree on how this install is reached. */
export function AddressCheck(props: AddressCheckProps) {
  const origin = useOrigin();
  const rows = [
    ["Your browser", origin],
    ["Host", props.host],
    ["X-Forwarded-Host", props.forwardedHost],
    ["X-Forwarded-Proto", props.forwardedProto],
    ["Public address", props.publicUrl],
  ] as const;
  return (
    <Card>
      <CardHeader>
        <CardTitle>Address check</CardTitle>
      </CardHeader>
      <CardBody className="flex flex-col gap-3 text-sm">
        <Verdict findings={origin === null ? null : addressFindings({ ...props, origin })} />
        <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[max-content_minmax(0,1fr)]">
          {rows.map(([label, value]) => (
            <div key={label} className="contents">
              <dt className="text-muted-fg">{label}</dt>
              <dd className="mb-1 break-all font-mono text-[13px] sm:mb-0">{value ?? "not set"}</dd>
            </div>
          ))}
        </dl>
      </CardBody>
    </Card>
  );
}

interface VerdictProps {
  /** `null` until the browser's own address is known. */
  findings: readonly string[] | null;
}

function Verdict({ findings }: VerdictProps) {
  if (findings === null) {
    return <p className="text-muted-fg">Comparing addresses.</p>;
  }
  if (findings.length === 0) {
    return (
      <p className="flex items-start gap-2">
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success" />
        The browser and the server agree on the address.
      </p>
    );
  }
  return (
    <ul className="flex flex-col gap-2">
      {findings.map((finding) => (
        <li key={finding} className="flex items-start gap-2">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
          {finding}
        </li>
      ))}
    </ul>
  );
}
