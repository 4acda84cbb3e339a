"use client";

import { useState } from "react";
import { LAST_STEP, SETUP_STEPS, type SetupState } from "#lib/contract/setup.ts";
import { Card, CardBody } from "../../_ui/primitives/card.tsx";
import { Stepper } from "../../_ui/stepper.tsx";
import { StepAdmin } from "./step-admin.tsx";
import { StepKey } from "./step-key.tsx";
import { StepOrganisation } from "./step-organisation.tsx";
import { StepProvider } from "./step-provider.tsx";
import { useStep } from "./use-step.ts";

export interface SetupWizardProps {
  state: SetupState;
  /** How this browser reaches the install. */
  origin: string;
  /** The setup token, when the link in the log carried it. */
  token: string;
}

/** All four steps stay mounted, so that Back finds everything as it was left. */
export function SetupWizard({ state, origin, token }: SetupWizardProps) {
  const [passed, setPassed] = useState(0);
  const reached = Math.min(LAST_STEP, Math.max(state.reached, passed + 1));
  const { step, go } = useStep(reached);

  const pass = (done: number) => {
    setPassed((before) => Math.max(before, done));
    go(done + 1);
  };
  const back = (from: number) => go(from - 1);

  return (
    <>
      <Stepper steps={SETUP_STEPS} current={step} />
      <Card>
        <CardBody>
          <div hidden={step !== 1}>
            <StepAdmin
              existing={state.admin_email}
              token={token}
              isCreated={reached > 1}
              onDone={() => pass(1)}
            />
          </div>
          {reached >= 2 ? (
            <div hidden={step !== 2}>
              <StepOrganisation
                organisation={state.organisation}
                origin={origin}
                onBack={() => back(2)}
                onDone={() => pass(2)}
              />
            </div>
          ) : null}
          {reached >= 3 ? (
            <div hidden={step !== 3}>
              <StepProvider
                deployments={state.deployments}
                onBack={() => back(3)}
                onDone={() => pass(3)}
              />
            </div>
          ) : null}
          {reached >= 4 ? (
            <div hidden={step !== 4}>
              <StepKey onBack={() => back(4)} />
            </div>
          ) : null}
        </CardBody>
      </Card>
    </>
  );
}
