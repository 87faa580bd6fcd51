// One plane's bytes; the one shown last stays while the next is fetched.
import { useEffect, useReducer, useRef } from "react";
import { planes } from "../../state/pixels.ts";

export function usePlane(url: string | null): Uint8Array | null {
  const [, refresh] = useReducer((count: number) => count + 1, 0);
  const last = useRef<Uint8Array | null>(null);
  const here = url === null ? null : planes.peek(url);
  useEffect(() => {
    if (url === null || planes.peek(url) !== null) return;
    const controller = new AbortController();
    // What can't be fetched is told by the pane that shows it.
    planes.get(url, controller.signal).then(refresh, () => {});
    return () => controller.abort();
  }, [url]);
  if (url === null) last.current = null;
  else if (here !== null) last.current = here;
  return last.current;
}
