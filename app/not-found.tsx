import type { Metadata } from "next";
import Link from "next/link";

export const metadata: Metadata = { title: "Not found" };

export default function NotFoundPage() {
  return (
    <main>
      <h1>Not found</h1>
      <p className="lead">There is no page at this address.</p>
      <Link href="/">To the first page</Link>
    </main>
  );
}
