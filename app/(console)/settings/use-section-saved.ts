"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";

/** After a section was saved: says so, and shows what the server has now. */
export function useSectionSaved(): () => void {
  const router = useRouter();
  return () => {
    toast.success("Saved");
    router.refresh();
  };
}
