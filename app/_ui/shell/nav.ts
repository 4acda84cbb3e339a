import {
  Activity,
  Archive,
  Boxes,
  ChartNoAxesColumn,
  FileText,
  FlaskConical,
  Gauge,
  HeartPulse,
  KeyRound,
  type LucideIcon,
  ScrollText,
  Settings,
  ShieldCheck,
  Split,
  Users,
  UsersRound,
  Wallet,
} from "lucide-react";
import { type Action, type Role, reachOf } from "#lib/catalog/roles.ts";

export const NAV_GROUPS = ["Observe", "Build", "Gateway", "Govern", "Settings"] as const;
export type NavGroup = (typeof NAV_GROUPS)[number];

/** A page of the console. A page without a row here cannot be found. */
export interface NavRow {
  group: NavGroup;
  label: string;
  href: `/${string}`;
  icon: LucideIcon;
  /** The page shows itself to who may do this; the page's `requireViewer` names the same action. */
  can: Action;
  /** `g` and then this letter opens the page. */
  key?: string;
  /** Which parameters of an address go along to this page; without it none do. */
  carries?: "team" | "filters";
}

export const NAV = [
  {
    group: "Observe",
    label: "Overview",
    href: "/overview",
    icon: Gauge,
    can: "usage.read",
    key: "o",
    carries: "filters",
  },
  {
    group: "Observe",
    label: "Usage",
    href: "/usage",
    icon: ChartNoAxesColumn,
    can: "usage.read",
    key: "u",
    carries: "filters",
  },
  {
    group: "Observe",
    label: "Logs",
    href: "/logs",
    icon: Activity,
    can: "log.read",
    key: "l",
    carries: "filters",
  },
  {
    group: "Observe",
    label: "Health",
    href: "/health",
    icon: HeartPulse,
    can: "health.read",
    key: "h",
  },
  {
    group: "Build",
    label: "Playground",
    href: "/playground",
    icon: FlaskConical,
    can: "playground.use",
    key: "p",
  },
  {
    group: "Build",
    label: "Prompts",
    href: "/prompts",
    icon: FileText,
    can: "prompt.read",
    key: "w",
  },
  {
    group: "Build",
    label: "Keys",
    href: "/keys",
    icon: KeyRound,
    can: "key.read",
    key: "k",
    carries: "team",
  },
  {
    group: "Gateway",
    label: "Models",
    href: "/models",
    icon: Boxes,
    can: "deployment.read",
    key: "m",
  },
  {
    group: "Gateway",
    label: "Routing",
    href: "/routing",
    icon: Split,
    can: "alias.read",
    key: "r",
  },
  {
    group: "Gateway",
    label: "Guardrails",
    href: "/guardrails",
    icon: ShieldCheck,
    can: "guardrail.read",
    key: "d",
  },
  {
    group: "Gateway",
    label: "Cache",
    href: "/cache",
    icon: Archive,
    can: "cache.read",
    key: "c",
  },
  {
    group: "Govern",
    label: "Budgets",
    href: "/budgets",
    icon: Wallet,
    can: "budget.read",
    key: "b",
    carries: "team",
  },
  { group: "Govern", label: "Teams", href: "/teams", icon: UsersRound, can: "team.read", key: "t" },
  { group: "Govern", label: "Members", href: "/members", icon: Users, can: "user.read", key: "e" },
  {
    group: "Govern",
    label: "Audit",
    href: "/audit",
    icon: ScrollText,
    can: "audit.read",
    key: "a",
    carries: "team",
  },
  {
    group: "Settings",
    label: "Settings",
    href: "/settings",
    icon: Settings,
    can: "setting.read",
    key: "s",
  },
] as const satisfies readonly NavRow[];

/** The pages that a role may open, in order. */
export function navFor(role: Role): NavRow[] {
  return NAV.filter(({ can }) => reachOf(role, can) !== null);
}

/** The row of the page that an address belongs to. */
export function navRowOf(pathname: string): NavRow | undefined {
  return NAV.find(({ href }) => pathname === href || pathname.startsWith(`${href}/`));
}

/** The pages of the bar at the bottom of a narrow screen; the rest is behind More. */
export const BOTTOM_BAR: readonly string[] = ["/overview", "/logs", "/keys"];

/** Addresses outside of the frame that people look for beside the pages. */
export const DOCUMENTS = [
  { label: "API reference", href: "/docs" },
  { label: "API reference (ReDoc)", href: "/redoc" },
] as const;
