import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "../cn.ts";
import { focusRing } from "./focus-ring.ts";

const variants = cva(
  cn(
    focusRing,
    "inline-flex shrink-0 cursor-pointer select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border border-transparent font-medium text-sm transition-colors duration-100 motion-reduce:transition-none",
    "disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
  ),
  {
    variants: {
      variant: {
        primary: "bg-primary text-on-primary hover:bg-primary/90",
        outline: "border-input bg-bg text-fg hover:bg-muted data-popup-open:bg-muted",
        ghost: "bg-transparent text-fg hover:bg-muted data-popup-open:bg-muted",
        danger: "bg-danger text-on-danger hover:bg-danger/90",
        link: "h-auto px-0 text-primary underline-offset-4 hover:underline",
      },
      size: {
        sm: "h-7 px-2 text-[13px]",
        md: "h-8 px-3",
        lg: "h-9 px-4",
        icon: "size-8 p-0",
        "icon-sm": "size-7 p-0",
      },
    },
    compoundVariants: [{ variant: "link", className: "h-auto min-h-6 px-0" }],
    defaultVariants: { variant: "outline", size: "md" },
  },
);

type ButtonLooks = VariantProps<typeof variants>;

/** Also for links that look like buttons: `<Link className={buttonClass({ variant: "outline" })}>`. */
export function buttonClass(looks?: ButtonLooks): string {
  return cn(variants(looks));
}

export interface ButtonProps extends ComponentProps<"button">, ButtonLooks {
  /** Work is under way: a turning mark, and further presses do nothing. The button keeps its focus. */
  isPending?: boolean;
}

/** `<Button variant="primary" onClick={…}>Create key</Button>`; icon-only ones need `aria-label`. */
export function Button({
  variant,
  size,
  className,
  isPending = false,
  type = "button",
  onClick,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={cn(buttonClass({ variant, size }), className)}
      {...(isPending ? { "aria-disabled": true, "aria-busy": true } : {})}
      onClick={isPending ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {isPending ? (
        <LoaderCircle aria-hidden className="animate-spin motion-reduce:animate-none" />
      ) : null}
      {children}
    </button>
  );
}
