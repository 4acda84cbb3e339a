"use client";

import { ErrorView } from "../_ui/shell/error-view.tsx";

interface PageErrorProps {
  error: Error & { digest?: string };
  reset: () => void;
}

export default function PageError({ error, reset }: PageErrorProps) {
  return <ErrorView digest={error.digest ?? null} retry={reset} />;
}
