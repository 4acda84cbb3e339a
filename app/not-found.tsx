import type { Metadata } from "next";
import { NotFoundView } from "./_ui/shell/not-found-view.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function NotFoundPage() {
  return (
    <main>
      <NotFoundView />
    </main>
  );
}
