import { NotFoundView } from "../_ui/shell/not-found-view.tsx";

export default function NotFoundPage() {
  return <NotFoundView />;
}
