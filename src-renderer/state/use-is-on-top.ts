// Whether a dialog is the one on top: questions open over others, and Escape is then for them alone.
import { useEffect, useState } from "react";
import { usePathQuestion } from "./choose-path.ts";
import { useAnywayQuestion } from "./start-anyway.ts";

export function useIsOnTop(): boolean {
  const isChoosing = usePathQuestion(({ question }) => question !== null);
  const isDeciding = useAnywayQuestion(({ question }) => question !== null);
  const isCovered = isChoosing || isDeciding;
  const [wasCovered, setCovered] = useState(false);
  useEffect(() => {
    // A moment later: the key that closes the question is still on its way then.
    const timer = setTimeout(() => setCovered(isCovered));
    return () => clearTimeout(timer);
  }, [isCovered]);
  return !isCovered && !wasCovered;
}
