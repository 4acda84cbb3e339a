"use client";

interface GlobalErrorProps {
  error: Error & { digest?: string };
  reset: () => void;
}

/** What is left when the frame itself fails: no styles, no data, and the digest for the log. */
export default function GlobalError({ error, reset }: GlobalErrorProps) {
  return (
    <html lang="en">
      <body>
        <main>
          <h1>Something failed</h1>
          <p>
            This page could not be shown.
            {error.digest ? ` Its mark in the log: ${error.digest}.` : ""}
          </p>
          <button type="button" onClick={reset}>
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
