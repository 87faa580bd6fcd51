// Escape for a dialog that another one may lie over: it closes the one on top alone.
import { useEffect, useRef } from "react";
import { usePathQuestion } from "../../state/choose-path.ts";

/** @param close  called for Escape while no folder is being chosen */
export function useOwnEscape(isOpen: boolean, close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    if (!isOpen) return;
    let isCovered = false;
    // A moment later: the key that closes the dialog on top is still on its way then.
    const unsubscribe = usePathQuestion.subscribe(({ question }) => {
      setTimeout(() => {
        isCovered = question !== null;
      });
    });
    const onKeyDown = (event: KeyboardEvent) => {
      // Open lists take the key themselves.
      const isTaken = event.target instanceof Element && event.target.closest("[data-mantine-stop-propagation=true]");
      if (event.key === "Escape" && !isCovered && !isTaken) latest.current();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => {
      unsubscribe();
      window.removeEventListener("keydown", onKeyDown);
    };
  }, [isOpen]);
}
