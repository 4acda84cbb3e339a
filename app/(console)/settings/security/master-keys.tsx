import type { MasterKeyInfo } from "#lib/contract/install.ts";
import { Chip } from "../../../_ui/chip.tsx";
import { formatCount } from "../../../_ui/format.ts";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../../_ui/primitives/card.tsx";
import { Scroller } from "../../../_ui/scroller.tsx";

export interface MasterKeysProps {
  keys: readonly MasterKeyInfo[];
}

/** The versions of the master keys and what would be lost without each. */
export function MasterKeys({ keys }: MasterKeysProps) {
  return (
    <Card>
      <CardHeader>
        <CardTitle>Encryption keys</CardTitle>
        <CardDescription>
          CONDUIT_MASTER_KEYS in the environment holds them. The first one seals; keep an older one
          for as long as a row counts on it.
        </CardDescription>
      </CardHeader>
      <CardBody>
        <Scroller label="Encryption keys">
          <table className="w-full min-w-[36rem] text-left text-sm tabular-nums">
            <thead className="text-muted-fg text-xs">
              <tr className="border-border border-b">
                <th scope="col" className="py-2 pr-4 font-medium">
                  Version
                </th>
                <th scope="col" className="py-2 pr-4 font-medium">
                  State
                </th>
                <th scope="col" className="py-2 pr-4 text-right font-medium">
                  Provider keys
                </th>
                <th scope="col" className="py-2 pr-4 text-right font-medium">
                  Guardrail secrets
                </th>
                <th scope="col" className="py-2 pr-4 text-right font-medium">
                  Stored content
                </th>
                <th scope="col" className="py-2 text-right font-medium">
                  Keys and tokens
                </th>
              </tr>
            </thead>
            <tbody>
              {keys.map((key) => (
                <tr key={key.version} className="border-border border-b last:border-0">
                  <th scope="row" className="py-2 pr-4 font-mono font-normal">
                    {key.version}
                  </th>
                  <td className="py-2 pr-4">
                    <KeyState info={key} />
                  </td>
                  <td className="py-2 pr-4 text-right">{formatCount(key.provider_keys)}</td>
                  <td className="py-2 pr-4 text-right">{formatCount(key.guardrail_secrets)}</td>
                  <td className="py-2 pr-4 text-right">{formatCount(key.payloads)}</td>
                  <td className="py-2 text-right">{formatCount(key.digests)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroller>
      </CardBody>
    </Card>
  );
}

interface KeyStateProps {
  info: MasterKeyInfo;
}

function KeyState({ info }: KeyStateProps) {
  if (!info.is_configured) {
    return <Chip tone="danger">Missing: rows cannot be opened</Chip>;
  }
  if (info.is_current) {
    return <Chip tone="success">Seals</Chip>;
  }
  const sealed = info.provider_keys + info.guardrail_secrets + info.payloads;
  const isUnused = sealed + info.digests === 0;
  return <Chip tone="neutral">{isUnused ? "Not needed any more" : "Opens only"}</Chip>;
}
