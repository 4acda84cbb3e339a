import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import { connection } from "next/server";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { readTheme, THEME_COOKIE } from "#lib/contract/preferences.ts";
import { Toasts } from "./_ui/shell/toasts.tsx";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Conduit", template: "%s · Conduit" },
  description: "One OpenAI-compatible API in front of every provider.",
};

export const viewport: Viewport = {
  colorScheme: "light dark",
};

interface RootLayoutProps {
  children: ReactNode;
}

export default async function RootLayout({ children }: RootLayoutProps) {
  // Pages are made per request: a prerendered one would show the state of the build.
  await connection();
  const theme = readTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    // The browser may correct the theme before React looks at it.
    <html
      lang="en"
      data-theme={theme}
      className={`${GeistSans.variable} ${GeistMono.variable}`}
      suppressHydrationWarning
    >
      <body className="font-sans">
        <NuqsAdapter>{children}</NuqsAdapter>
        <Toasts />
      </body>
    </html>
  );
}
