"use client";

import {
  type ComponentProps,
  cloneElement,
  createContext,
  type ReactElement,
  type ReactNode,
  type Ref,
  type RefObject,
  type SyntheticEvent,
  use,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { cn } from "../cn.ts";

/**
 * A button is on the page from the start; what it opens, and the library that places it, come when a
 * pointer or the focus reaches the button. The library's own trigger then adopts the button: the
 * element stays the same, so that neither focus nor a press is lost.
 */
type Handlers = Record<string, ((event: SyntheticEvent) => void) | undefined>;

export interface Popup {
  id: string;
  element: RefObject<HTMLElement | null>;
  /** The handlers of the library's trigger, once it is here. */
  adopted: RefObject<Handlers | null>;
  /** Whether the button was pressed before the library was here. */
  isAsked: RefObject<boolean>;
  isOpen: boolean;
  setOpen: (isOpen: boolean) => void;
  isUsed: boolean;
  load: () => void;
}

const PopupContext = createContext<Popup | null>(null);

export function usePopup(): Popup {
  const popup = use(PopupContext);
  if (popup === null) {
    throw new Error("A trigger and its content stand inside of a popup.");
  }
  return popup;
}

export interface PopupProps {
  open?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  children: ReactNode;
}

interface PopupProviderProps extends PopupProps {
  /** Fetches what is shown. */
  load: () => void;
}

export function PopupProvider({ open, onOpenChange, load, children }: PopupProviderProps) {
  const id = useId();
  const element = useRef<HTMLElement>(null);
  const adopted = useRef<Handlers>(null);
  const isAsked = useRef(false);
  const [isNear, setNear] = useState(false);
  const [isOpenHere, setOpenHere] = useState(false);
  const isOpen = open ?? isOpenHere;
  if (isOpen && !isNear) {
    setNear(true);
  }
  const popup = useMemo<Popup>(
    () => ({
      ...{ id, element, adopted, isAsked, isOpen, isUsed: isNear || isOpen },
      setOpen: (next) => {
        setOpenHere(next);
        onOpenChange?.(next);
      },
      load: () => {
        load();
        setNear(true);
      },
    }),
    [id, isOpen, isNear, onOpenChange, load],
  );
  return <PopupContext value={popup}>{children}</PopupContext>;
}

export interface PopupTriggerProps extends ComponentProps<"button"> {
  render?: ReactElement<ComponentProps<"button">>;
}

const BUTTON = <button type="button" />;

export function PopupTrigger({
  kind,
  render = BUTTON,
  className,
  children,
  ...rest
}: PopupTriggerProps & { kind: "menu" | "dialog" }) {
  const popup = usePopup();
  const own = { ...render.props, ...rest };
  return cloneElement(render, {
    ...rest,
    ...handlersOf(popup, own as Handlers, (pressed) => {
      pressed.isAsked.current = true;
    }),
    id: popup.id,
    ref: popup.element as Ref<HTMLButtonElement>,
    className: cn(render.props.className, className),
    "aria-haspopup": kind,
    "aria-expanded": popup.isOpen,
    ...(popup.isOpen ? { "data-popup-open": "" } : {}),
    children: children ?? render.props.children,
  });
}

const EVENTS = [
  ...["onClick", "onKeyDown", "onKeyUp", "onFocus", "onBlur", "onTouchStart", "onTouchEnd"],
  ...["onMouseDown", "onMouseUp", "onMouseEnter", "onMouseMove", "onMouseLeave"],
  ...["onPointerDown", "onPointerUp", "onPointerEnter", "onPointerMove", "onPointerLeave"],
  "onPointerCancel",
];

export type PopupHandlers = Handlers;

/** Ours first, then those of the adopted trigger; coming near fetches it. */
export function handlersOf(
  popup: Popup,
  own: Handlers,
  onPress: (popup: Popup) => void = () => undefined,
): Handlers {
  return Object.fromEntries(
    EVENTS.map((name) => [
      name,
      (event: SyntheticEvent) => {
        own[name]?.(event);
        if (popup.adopted.current !== null) {
          popup.adopted.current[name]?.(event);
          return;
        }
        if (name === "onPointerEnter" || name === "onFocus" || name === "onClick") {
          popup.load();
        }
        if (name === "onClick") {
          onPress(popup);
        }
      },
    ]),
  );
}

interface AdoptedProps extends ComponentProps<"button"> {
  popup: Popup;
  /** What the press or the look that came too early wants now; a press, unless given. */
  onAsked?: () => void;
}

/** What the library's trigger renders: nothing of its own, but its handlers on our button. */
export function Adopted({ popup, onAsked, ref, ...props }: AdoptedProps) {
  const { element, adopted, isAsked } = popup;
  const wake = useRef(onAsked ?? (() => element.current?.click()));
  useLayoutEffect(() => {
    adopted.current = props as Handlers;
  });
  useLayoutEffect(() => {
    attach(ref, element.current);
    return () => {
      attach(ref, null);
      adopted.current = null;
    };
  }, [ref, element, adopted]);
  useEffect(() => {
    if (isAsked.current) {
      isAsked.current = false;
      wake.current();
    }
  }, [isAsked]);
  return null;
}

function attach(ref: Ref<HTMLButtonElement> | undefined, element: HTMLElement | null): void {
  if (typeof ref === "function") {
    ref(element as HTMLButtonElement | null);
  } else if (ref) {
    ref.current = element as HTMLButtonElement | null;
  }
}
