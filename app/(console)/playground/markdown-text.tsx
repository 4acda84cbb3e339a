"use client";

import Markdown, { type Components } from "react-markdown";

export interface MarkdownTextProps {
  text: string;
}

/** Text from outside as markdown: no HTML of its own, no image by itself, and links that say where. */
export function MarkdownText({ text }: MarkdownTextProps) {
  return (
    <div className="flex flex-col gap-2 break-words text-sm [&_blockquote]:border-border [&_blockquote]:border-l-2 [&_blockquote]:pl-3 [&_code]:font-mono [&_code]:text-13 [&_h1]:font-semibold [&_h1]:text-base [&_h2]:font-semibold [&_h3]:font-medium [&_ol]:list-decimal [&_ol]:pl-5 [&_pre]:overflow-x-auto [&_pre]:rounded-md [&_pre]:bg-muted [&_pre]:p-2 [&_ul]:list-disc [&_ul]:pl-5">
      <Markdown skipHtml components={COMPONENTS}>
        {text}
      </Markdown>
    </div>
  );
}

const COMPONENTS: Components = {
  a: ({ href, children }) => <OutsideLink href={href}>{children}</OutsideLink>,
  // The console loads nothing from other places: an image is opened by whoever wants to see it.
  img: ({ src, alt }) => (
    <OutsideLink href={typeof src === "string" ? src : undefined}>
      Image{alt === undefined || alt === "" ? "" : `: ${alt}`}
    </OutsideLink>
  ),
};

interface OutsideLinkProps {
  href: string | undefined;
  children: React.ReactNode;
}

function OutsideLink({ href, children }: OutsideLinkProps) {
  const host = hostOf(href);
  if (host === undefined) {
    return <span>{children}</span>;
  }
  return (
    <a
      href={href}
      target="_blank"
      rel="nofollow noopener noreferrer"
      className="text-primary underline underline-offset-4"
    >
      {children} <span className="text-muted-fg">({host})</span>
    </a>
  );
}

function hostOf(href: string | undefined): string | undefined {
  const url = href === undefined ? null : URL.parse(href);
  return url?.protocol === "https:" || url?.protocol === "http:" ? url.host : undefined;
}
