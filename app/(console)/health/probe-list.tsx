"use client";

import { withBasePath } from "../../_ui/base-path.ts";
import { CopyButton } from "../../_ui/copy-button.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../_ui/primitives/card.tsx";

const PROBES = [
  { path: "/livez", meaning: "The process runs." },
  { path: "/readyz", meaning: "It can serve; 503 while it starts or ends." },
  { path: "/metrics", meaning: "Prometheus, for the admin key or from the machine itself." },
] as const;

/** What a load balancer or a monitor asks. */
export function ProbeList() {
  return (
    <Card>
      <CardHeader>
        <CardTitle>Probes</CardTitle>
        <CardDescription>For load balancers and monitors; they need no session.</CardDescription>
      </CardHeader>
      <CardBody>
        <ul className="flex flex-col gap-1 text-sm">
          {PROBES.map(({ path, meaning }) => (
            <li key={path} className="flex flex-wrap items-center gap-2">
              <code className="font-mono text-[13px]">{withBasePath(path)}</code>
              <CopyButton text={withBasePath(path)} what={`path ${path}`} />
              <span className="text-muted-fg">{meaning}</span>
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}
