// The numbered marks of pinned pixels over a pane; they follow the viewport without going through React.
import { useEffect, useRef } from "react";
import type { ImageId } from "../../src-shared/contract/workbench/ids.ts";
import type { ViewStore } from "../viewer/linked-views.ts";
import { useStage } from "../viewer/viewer-stage.tsx";
import { screenFromImage } from "../viewer/viewport.ts";
import { usePins } from "./pins.ts";
import "./probe.css";

interface Props {
  readonly pane: string;
  readonly imageId: ImageId | null;
  readonly views: ViewStore;
}

export function PinMarks({ pane, imageId, views }: Props) {
  const pins = usePins(imageId);
  const stage = useStage();
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (stage === null || pins.length === 0) return;
    const place = (): void => {
      const scene = stage.viewport(pane);
      const marks = layer.current?.children;
      if (scene === null || marks === undefined) return;
      pins.forEach(({ x, y }, index) => {
        const mark = marks[index];
        if (!(mark instanceof HTMLElement)) return;
        const at = screenFromImage(scene.view, scene.pane, { x: x + 0.5, y: y + 0.5 });
        mark.style.transform = `translate(${at.x}px, ${at.y}px)`;
      });
    };
    place();
    const observer = new ResizeObserver(place);
    if (layer.current !== null) observer.observe(layer.current);
    const unsubscribe = views.subscribe(place);
    return () => {
      observer.disconnect();
      unsubscribe();
    };
  }, [stage, pane, pins, views]);
  return (
    <div ref={layer} className="pin-layer" aria-hidden="true">
      {pins.map(({ x, y }, index) => (
        <span key={`${x},${y}`} className="pin-mark">
          <span>{index + 1}</span>
        </span>
      ))}
    </div>
  );
}
