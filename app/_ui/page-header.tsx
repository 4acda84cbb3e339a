import type { ReactNode } from "react";

export interface PageHeaderProps {
  title: ReactNode;
  /** One sentence that says what the page is for. */
  description?: ReactNode;
  /** Top right; the primary action last. */
  actions?: ReactNode;
  /** Above the title: where the page belongs. */
  breadcrumb?: ReactNode;
}

/** The page's only h1. `<PageHeader title="Keys" description="…" actions={<CreateKey />} />` */
export function PageHeader({ title, description, actions, breadcrumb }: PageHeaderProps) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {breadcrumb === undefined ? null : (
          <div className="mb-1 text-[13px] text-muted-fg">{breadcrumb}</div>
        )}
        <h1 tabIndex={-1} className="break-words font-semibold text-2xl outline-none">
          {title}
        </h1>
        {description === undefined ? null : (
          <p className="mt-1 max-w-prose text-muted-fg text-sm">{description}</p>
        )}
      </div>
      {actions === undefined ? null : (
        <div className="flex flex-wrap items-center gap-2">{actions}</div>
      )}
    </header>
  );
}
