import type { Metadata } from "next";
import { connection } from "next/server";
import type { ReactNode } from "react";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Conduit", template: "%s · Conduit" },
  description: "One OpenAI-compatible API in front of every provider.",
  icons: { icon: "data:," },
};

interface RootLayoutProps {
  children: ReactNode;
}

export default async function RootLayout({ children }: RootLayoutProps) {
  // Pages are made per request: a prerendered one would show the state of the build.
  await connection();
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
