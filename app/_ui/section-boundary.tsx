"use client";

import { useRouter } from "next/navigation";
import { Component, type ReactNode, startTransition } from "react";
import { ErrorCard } from "./error-card.tsx";

interface CatchProps {
  what: string;
  hint: ReactNode;
  refresh: () => void;
  children: ReactNode;
}

interface CatchState {
  error: { digest?: string } | null;
}

class Catch extends Component<CatchProps, CatchState> {
  override state: CatchState = { error: null };

  static getDerivedStateFromError(error: { digest?: string }): CatchState {
    // Redirects, 404 and 403 are thrown too, and belong to Next.
    if (error.digest?.startsWith("NEXT_") === true) {
      throw error;
    }
    return { error };
  }

  /** Fetches the page's data anew and shows it in one step, so that the card does not blink. */
  retry = () => {
    startTransition(() => {
      this.props.refresh();
      this.setState({ error: null });
    });
  };

  override render() {
    const { error } = this.state;
    return error === null ? (
      this.props.children
    ) : (
      <ErrorCard
        title={`Could not load ${this.props.what}.`}
        errorId={error.digest}
        onRetry={this.retry}
      >
        {this.props.hint}
      </ErrorCard>
    );
  }
}

export interface SectionBoundaryProps {
  /** Goes into the sentence: "spend" gives "Could not load spend." */
  what: string;
  hint?: ReactNode;
  children: ReactNode;
}

/** Keeps a failure inside its own part of the page. Pages use `Section`. */
export function SectionBoundary({
  what,
  hint = "The rest of the page is unaffected.",
  children,
}: SectionBoundaryProps) {
  const router = useRouter();
  return (
    <Catch what={what} hint={hint} refresh={router.refresh}>
      {children}
    </Catch>
  );
}
