"use client";

import { type ReactNode, useState } from "react";
import Markdown from "react-markdown";
import { Button } from "../../../_ui/primitives/button.tsx";

export interface SafeMarkdownProps {
  text: string;
}

/**
 * Markdown from outside: no HTML in it is read, links say where they lead and carry nothing along,
 * and an image is fetched only when somebody asks for it.
 */
export function SafeMarkdown({ text }: SafeMarkdownProps) {
  return (
    <div className="flex min-w-0 flex-col gap-2 break-words text-sm [&_code]:font-mono [&_ol]:list-decimal [&_ol]:pl-5 [&_pre]:overflow-x-auto [&_pre]:rounded-md [&_pre]:bg-muted [&_pre]:p-2 [&_ul]:list-disc [&_ul]:pl-5">
      <Markdown
        skipHtml
        components={{
          a: ({ href, children }) => <OutsideLink href={href}>{children}</OutsideLink>,
          img: ({ src, alt }) => (
            <OutsideImage src={typeof src === "string" ? src : ""} alt={alt ?? ""} />
          ),
        }}
      >
        {text}
      </Markdown>
    </div>
  );
}

interface OutsideLinkProps {
  href: string | undefined;
  children: ReactNode;
}

function OutsideLink({ href, children }: OutsideLinkProps) {
  const host = hostOf(href);
  if (href === undefined || host === undefined) {
    return <span>{children}</span>;
  }
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="text-primary underline underline-offset-4"
    >
      {children} <span className="text-muted-fg">({host})</span>
    </a>
  );
}

function OutsideImage({ src, alt }: { src: string; alt: string }) {
  const [isShown, setShown] = useState(false);
  const isInline = /^data:image\/(?:png|jpeg|gif|webp);/.test(src);
  if (!isInline) {
    return <span className="text-muted-fg">[image: {alt === "" ? src.slice(0, 200) : alt}]</span>;
  }
  return isShown ? (
    // biome-ignore lint/performance/noImgElement: an inline image needs no optimiser.
    <img src={src} alt={alt} className="max-w-full" />
  ) : (
    <Button onClick={() => setShown(true)}>Show image</Button>
  );
}

function hostOf(href: string | undefined): string | undefined {
  const url = href !== undefined && URL.canParse(href) ? new URL(href) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) ? url.host : undefined;
}
