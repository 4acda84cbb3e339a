"use client";

import { CircleCheck, CircleX, ExternalLink } from "lucide-react";
import { useRouter } from "next/navigation";
import type { SsoTestInfo } from "#lib/contract/sso.ts";
import { FormError } from "../../../_ui/form-error.tsx";
import { JsonView } from "../../../_ui/json-view.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../../_ui/primitives/card.tsx";
import { Timestamp } from "../../../_ui/timestamp.tsx";
import { useSsoPopup } from "../../../_ui/use-sso-popup.ts";
import type { Team } from "./sso-values.ts";

const ACCOUNTS: Readonly<Record<SsoTestInfo["account"], string>> = {
  known: "This identity is bound to an account already and would be signed in.",
  link: "The account with this email would be bound to this identity and signed in.",
  create: "A new account would be made and signed in.",
  refused: "This identity would not be let in.",
};

const REFUSALS: Readonly<Record<string, string>> = {
  no_email: "The email claim holds no address.",
  domain: "The address is of no allowed domain.",
  unverified:
    "The identity provider does not vouch for the address, or the account is bound already.",
  not_invited: "There is no account for the address, and none is created.",
  suspended: "The account is suspended.",
};

export interface TestCardProps {
  test: SsoTestInfo | null;
  teams: readonly Team[];
}

/** A sign-in that signs nobody in: what the provider says, and what it would mean. */
export function TestCard({ test, teams }: TestCardProps) {
  const router = useRouter();
  const popup = useSsoPopup({ intent: "test", onDone: () => router.refresh() });
  return (
    <Card>
      <CardHeader>
        <CardTitle>Test sign-in</CardTitle>
        <Button onClick={popup.open} isPending={popup.isWaiting}>
          <ExternalLink aria-hidden />
          Test sign-in
        </Button>
        <CardDescription>
          Goes through the provider in a new window, with the settings as they are saved. Nobody is
          signed in by it.
        </CardDescription>
      </CardHeader>
      <CardBody className="flex flex-col gap-4">
        <FormError>{popup.error}</FormError>
        <div role="status" className="flex flex-col gap-4">
          {test === null ? (
            <p className="text-muted-fg text-sm">
              {popup.isWaiting
                ? "Waiting for the other window."
                : "You have not made a test sign-in yet."}
            </p>
          ) : (
            <TestResult test={test} teams={teams} />
          )}
        </div>
      </CardBody>
    </Card>
  );
}

interface TestResultProps {
  test: SsoTestInfo;
  teams: readonly Team[];
}

function TestResult({ test, teams }: TestResultProps) {
  const isGood = test.account !== "refused";
  const Icon = isGood ? CircleCheck : CircleX;
  const names = new Map(teams.map(({ id, name }) => [id, name]));
  const roles = [
    ...(test.is_admin === true ? ["Admin of Conduit"] : []),
    ...test.teams.map(
      ({ team_id, role }) =>
        `${role === "team_admin" ? "Team admin" : "Member"} of ${names.get(team_id) ?? "a team that is gone"}`,
    ),
  ];
  return (
    <>
      <div className="flex items-start gap-2 text-sm">
        <Icon
          aria-hidden
          className={isGood ? "mt-0.5 size-4 text-success" : "mt-0.5 size-4 text-danger"}
        />
        <div className="flex min-w-0 flex-col gap-1">
          <p className="font-medium">
            {isGood
              ? ACCOUNTS[test.account]
              : `${ACCOUNTS.refused} ${REFUSALS[test.refusal ?? ""] ?? ""}`}
          </p>
          <p className="text-muted-fg">
            {roles.length === 0 ? "Member, in no team by its groups." : `${roles.join(", ")}.`}
          </p>
          <p className="text-muted-fg text-xs">
            Tested <Timestamp at={test.at} />
            {test.isCurrent ? "" : ". The settings have changed since: test them again."}
          </p>
        </div>
      </div>
      <JsonView value={test.claims} what="claims" />
    </>
  );
}
