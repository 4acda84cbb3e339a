import { ShieldCheck } from "lucide-react";
import type { Role } from "#lib/catalog/roles.ts";
import { Chip } from "../../_ui/chip.tsx";
import { ROLE_LABELS } from "./members-params.ts";

export interface PersonRoleProps {
  role: Role;
}

export function PersonRole({ role }: PersonRoleProps) {
  return role === "admin" ? (
    <Chip tone="info" icon={<ShieldCheck aria-hidden />}>
      {ROLE_LABELS.admin}
    </Chip>
  ) : (
    <span>{ROLE_LABELS[role]}</span>
  );
}
