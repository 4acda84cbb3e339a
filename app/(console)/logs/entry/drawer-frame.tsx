"use client";

import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { createPortal } from "react-dom";
import { useLogUrl } from "../use-log-url.ts";

const LEAST = 420;
const MOST = 960;
const USUAL = 560;
const STEP = 40;

export interface DrawerFrameProps {
  label: string;
  /** The row of buttons on top. */
  bar: ReactNode;
  children: ReactNode;
}

/** A panel at the right edge over a page that stays usable; its width is dragged, or set by arrows. */
export function DrawerFrame(props: DrawerFrameProps) {
  // Above the top bar, so at the end of the document, which there is in a browser only.
  const isMounted = useSyncExternalStore(
    noChange,
    () => true,
    () => false,
  );
  return isMounted ? createPortal(<Panel {...props} />, document.body) : null;
}

const noChange = () => () => undefined;

function Panel({ label, bar, children }: DrawerFrameProps) {
  const url = useLogUrl();
  const [width, setWidth] = useState(url.params.get("wide") === "1" ? MOST : USUAL);
  const panel = useRef<HTMLElement>(null);

  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
  }, []);

  const resize = (next: number) => setWidth(Math.round(Math.min(MOST, Math.max(LEAST, next))));
  const keep = () => url.show({ wide: width >= MOST ? "1" : null });
  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowLeft: width + STEP, ArrowRight: width - STEP, Home: LEAST, End: MOST }[
      event.key
    ];
    if (next !== undefined) {
      event.preventDefault();
      resize(next);
    }
  };
  const onPointerMove = (event: PointerEvent) => {
    if (event.buttons === 1) {
      resize(window.innerWidth - event.clientX);
    }
  };

  return (
    <aside
      ref={panel}
      aria-label={label}
      tabIndex={-1}
      style={{ ["--drawer" as string]: `${width}px` }}
      className="fixed inset-y-0 right-0 flex w-full max-w-full flex-col border-border border-l bg-bg shadow-lg outline-none md:w-(--drawer)"
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved, this can. */}
      <div
        role="separator"
        aria-label="Width of the request"
        aria-orientation="vertical"
        aria-valuenow={width}
        aria-valuemin={LEAST}
        aria-valuemax={MOST}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onKeyUp={keep}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onPointerMove}
        onPointerUp={keep}
        className="absolute inset-y-0 -left-1 w-2 cursor-col-resize touch-none hover:bg-primary/30 focus-visible:bg-primary max-md:hidden"
      />
      <div className="flex items-center gap-1 border-border border-b px-3 py-2">{bar}</div>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-4">{children}</div>
    </aside>
  );
}
