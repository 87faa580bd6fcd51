// A label plane as a small picture: fetched when it comes into view, drawn once, and let go again.
import { useEffect, useRef, useState } from "react";
import { paintThumbnail } from "./paint-thumbnail.ts";
import "./plane-thumbnail.css";

interface PlaneThumbnailProps {
  /** The same plane has the same key. */
  readonly planeKey: string;
  readonly load: (signal: AbortSignal) => Promise<Uint8Array>;
  readonly size: { readonly width: number; readonly height: number };
  /** RGBA of every value, 256 · 4 bytes. */
  readonly colors: Uint8Array;
  /** Null beside words that say the same. */
  readonly label: string | null;
  /** Of the canvas, in its own pixels; the style sheet scales it. */
  readonly widthPx?: number;
}

export function PlaneThumbnail({ planeKey, load, size, colors, label, widthPx = 256 }: PlaneThumbnailProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isNear, setIsNear] = useState(false);
  const [state, setState] = useState<"loading" | "shown" | "broken">("loading");
  const latestLoad = useRef(load);
  latestLoad.current = load;
  const { width, height } = size;

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const observer = new IntersectionObserver(([entry]) => setIsNear(entry?.isIntersecting ?? false), {
      rootMargin: "200px",
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says which plane it is
  useEffect(() => {
    const context = canvas.current?.getContext("2d") ?? null;
    if (!isNear || context === null || width === 0) return;
    const controller = new AbortController();
    latestLoad.current(controller.signal).then(
      (plane) => {
        if (controller.signal.aborted) return;
        const thumbnail = paintThumbnail(plane, { width, height }, colors, widthPx);
        context.canvas.width = thumbnail.width;
        context.canvas.height = thumbnail.height;
        context.putImageData(new ImageData(thumbnail.pixels, thumbnail.width, thumbnail.height), 0, 0);
        setState("shown");
      },
      () => controller.signal.aborted || setState("broken"),
    );
    return () => controller.abort();
  }, [planeKey, isNear, width, height, colors, widthPx]);

  return (
    <canvas
      ref={canvas}
      className="plane-thumbnail"
      {...(label === null ? { "aria-hidden": true } : { role: "img", "aria-label": label })}
      data-state={state}
      width={2}
      height={1}
      style={{ aspectRatio: width === 0 ? 2 : width / height }}
    />
  );
}
