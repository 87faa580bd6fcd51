// Where the keyboard is after a change of screen: in the new one, where the old one took the focus with it.
import { type RefObject, useEffect, useRef } from "react";
import { useNavigation } from "../state/navigation.ts";

/** For the main region; the rail, the top line, and a part of the screen that took the focus itself, keep it. */
export function useScreenFocus(): RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const screen = useNavigation((state) => state.screen);
  const lastScreen = useRef(screen);
  useEffect(() => {
    if (lastScreen.current === screen) return;
    lastScreen.current = screen;
    const shell = main.current?.parentElement;
    if (shell?.contains(document.activeElement)) return;
    main.current?.focus({ preventScroll: true });
  }, [screen]);
  return main;
}
