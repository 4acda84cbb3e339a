import Link from "next/link";
import { buttonClass } from "../primitives/button.tsx";
import { PlainPage } from "./plain-page.tsx";

/** An address that leads nowhere, or to what one may not see: the two must not be told apart. */
export function NotFoundView() {
  return (
    <PlainPage title="Not found">
      <p>
        There is nothing at this address. It may have been removed, or it belongs to a team that you
        are not in.
      </p>
      <Link href="/overview" className={buttonClass({ variant: "outline" })}>
        To the overview
      </Link>
    </PlainPage>
  );
}
