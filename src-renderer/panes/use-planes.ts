// Planes that only figures need, fetched once whoever scrubs has come to rest, never for a move of the mouse.
import { useEffect, useReducer } from "react";
import { planes } from "../state/pixels.ts";

/** Time the scrubber rests before what only the probe needs is fetched. */
const SETTLE_MS = 150;

/** @returns the bytes at an address, as far as they are here; this component is drawn anew when more arrive */
export function usePlanes(urls: readonly string[]): (url: string | null) => Uint8Array<ArrayBuffer> | null {
  const [, refresh] = useReducer((count: number) => count + 1, 0);
  const key = urls.join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names all addresses
  useEffect(() => {
    const missing = urls.filter((url) => planes.peek(url) === null);
    if (missing.length === 0) return;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      for (const url of missing) {
        // What can't be fetched is not told of; the pane itself says what is wrong.
        planes.get(url, controller.signal).then(refresh, () => {});
      }
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [key]);
  return (url) => (url === null ? null : planes.peek(url));
}
