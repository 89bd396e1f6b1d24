/** The sides of the page: in narrow windows drawers over it, in wide ones columns, of which the panel folds away. */
import { useEffect, useState, useSyncExternalStore } from "react";

export type Side = "sidebar" | "panel";

/** The panel's own breakpoint is in columns.css. */
const NARROW = "(max-width: 1180px)";

interface Drawers {
  open: Side | null;
  isPanelShown: boolean;
  /** For the columns: what lies open, what is folded. */
  className: string;
  toggle: (side: Side) => void;
  close: () => void;
}

export function useDrawers(): Drawers {
  const isNarrow = useMedia(NARROW);
  const [drawer, setDrawer] = useState<Side | null>(null);
  const [isFolded, setFolded] = useState(false);
  const close = () => setDrawer(null);
  useFocusWithin(drawer, close);
  const toggle = (side: Side) => {
    if (side === "panel" && !isNarrow) {
      setFolded(!isFolded);
    } else {
      setDrawer(drawer === side ? null : side);
    }
  };
  return {
    open: drawer,
    isPanelShown: isNarrow ? drawer === "panel" : !isFolded,
    className: `${isFolded ? "folded" : ""} ${drawer ? `drawer-${drawer}` : ""}`,
    toggle,
    close,
  };
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = matchMedia(query);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    () => matchMedia(query).matches,
  );
}

/** The focus goes into a drawer that opens, and back to where it was; Escape closes it. */
function useFocusWithin(drawer: Side | null, close: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another `close` is no other drawer
  useEffect(() => {
    if (drawer === null) {
      return;
    }
    const before = document.activeElement as HTMLElement | null;
    const shown = document.querySelector<HTMLElement>(`.${drawer}`);
    shown?.querySelector<HTMLElement>("select, button")?.focus();
    const pressed = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
        close();
      }
    };
    document.addEventListener("keydown", pressed);
    return () => {
      document.removeEventListener("keydown", pressed);
      if (shown?.contains(document.activeElement) || document.activeElement === document.body) {
        before?.focus();
      }
    };
  }, [drawer]);
}
