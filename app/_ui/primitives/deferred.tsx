"use client";

import { type ComponentType, Suspense, use, useState } from "react";

export interface Deferred<Parts> {
  /** Begins to fetch; called as soon as somebody comes near. */
  load: () => void;
  /** A component of the module, with the props that it has there. */
  part: <Name extends keyof Parts>(name: Name) => Parts[Name];
}

/**
 * The components of a module that no page needs before somebody presses something. Parts that are
 * rendered once the module is here never wait, so that nothing flickers as a window opens. Of what
 * can be seen from the start `isAtOnce` fetches the code beside the page's own, so that a first press
 * finds it there.
 */
export function deferred<Parts extends object>(
  fetchParts: () => Promise<Parts>,
  { isAtOnce = false }: { isAtOnce?: boolean } = {},
): Deferred<Parts> {
  let parts: Parts | undefined;
  let fetching: Promise<Parts> | undefined;

  const start = () => {
    fetching ??= fetchParts().then((found) => {
      parts = found;
      return found;
    });
    return fetching;
  };

  // Whoever renders a part is told when it does not come.
  const load = () => void start().catch(() => undefined);
  if (isAtOnce && typeof window !== "undefined") {
    load();
  }
  return {
    load,
    part: (name) => {
      // biome-ignore lint/correctness/noComponentHookFactories: called once for a part, where modules begin.
      function Part(props: object) {
        const Found = (parts ?? use(start()))[name] as ComponentType<object>;
        return <Found {...props} />;
      }
      // It takes what the part takes, and renders that.
      return Part as unknown as Parts[typeof name];
    },
  };
}

/** A root of a window, which is not there before it is open for the first time. */
export function fromFirstOpen<Props extends { open?: boolean | undefined }>(
  Root: ComponentType<Props>,
): ComponentType<Props> {
  return function FromFirstOpen(props) {
    const [isUsed, setUsed] = useState(props.open === true);
    if (props.open === true && !isUsed) {
      setUsed(true);
    }
    return isUsed ? (
      <Suspense>
        <Root {...props} />
      </Suspense>
    ) : null;
  };
}
