// Pinned pixels: numbered marks in every pane, and what is known of them at the scrubber's place.
import { IconX } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { labelSetFor } from "../../../src-shared/labels/label-sets.ts";
import { formatShare } from "../../components/format.ts";
import { probeAt } from "../../viewer/probe.ts";
import { useStage } from "../../viewer/viewer-stage.tsx";
import { type Size, screenFromImage } from "../../viewer/viewport.ts";
import { adaptViews, type PaneId, useAdaptView, withPin } from "./adapt-view.ts";
import type { PaneContext } from "./pane-sources.ts";
import { ClassSwatch, useProbePlanes, useProbeTarget } from "./probe-card.tsx";

/** Marks follow the viewport without going through React. */
export function PinMarks({ pane }: { readonly pane: PaneId }) {
  const pins = useAdaptView((state) => state.pins);
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
    const unsubscribe = adaptViews.subscribe(place);
    return () => {
      observer.disconnect();
      unsubscribe();
    };
  }, [stage, pane, pins]);
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

/** The pins' readings; changes with the scrubber. */
export function PinnedPixels({ context, size }: { readonly context: PaneContext; readonly size: Size | null }) {
  const pins = useAdaptView((state) => state.pins);
  const activePane = useAdaptView((state) => state.activePane);
  const target = useProbeTarget(activePane, context);
  const planes = useProbePlanes(pins.length === 0 ? null : target, context);
  if (pins.length === 0 || size === null) return null;
  const classes = labelSetFor(context.numClasses);
  return (
    <ul className="pin-list" aria-label="Pinned pixels">
      {pins.map((pin, index) => {
        const reading = probeAt(planes, size, pin.x, pin.y, classes);
        const first = reading?.top[0];
        const shown = first ?? reading?.predicted ?? reading?.truth;
        return (
          <li key={`${pin.x},${pin.y}`} className="pin-row">
            <span className="pin-number">{index + 1}</span>
            <span className="pin-place">
              {pin.x}, {pin.y}
            </span>
            {shown != null && (
              <span className="probe-class">
                <ClassSwatch trainId={shown.trainId} numClasses={context.numClasses} />
                {shown.name}
              </span>
            )}
            <span className="probe-number">{first === undefined ? "" : formatShare(first.probability)}</span>
            <button
              type="button"
              className="pin-remove"
              aria-label={`Remove pin ${index + 1}`}
              onClick={() => useAdaptView.setState((view) => withPin(view, pin))}
            >
              <IconX size={12} aria-hidden="true" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
