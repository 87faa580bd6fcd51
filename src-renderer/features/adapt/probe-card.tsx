// What is known of the pixel under the pointer, in a corner of its pane.
import { useEffect, useReducer } from "react";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { labelSetFor } from "../../../src-shared/labels/label-sets.ts";
import { formatShare } from "../../components/format.ts";
import { useDisplay } from "../../state/display.ts";
import { planes } from "../../state/pixels.ts";
import { NO_PLANES, type ProbedClass, type ProbePlanes, type ProbeReading, probeAt } from "../../viewer/probe.ts";
import type { Size } from "../../viewer/viewport.ts";
import { type PaneId, panesOf, useAdaptView } from "./adapt-view.ts";
import { type PaneContext, type PaneSource, planeUrl } from "./pane-sources.ts";
import { type ProbeTarget, probeTarget, useProbePoint } from "./probe-state.ts";
import "./probe.css";

/** Time the scrubber rests before what only the probe needs is fetched. */
const SETTLE_MS = 150;

interface Props {
  readonly pane: PaneId;
  readonly context: PaneContext;
  readonly size: Size | null;
}

export function ProbeCard({ pane, context, size }: Props) {
  const point = useProbePoint((state) => (state.point?.pane === pane ? state.point : null));
  const target = useProbeTarget(pane, context);
  const read = useProbePlanes(point === null ? null : target, context);
  if (point === null || size === null) return null;
  const reading = probeAt(read, size, point.x, point.y, labelSetFor(context.numClasses));
  return reading === null ? null : (
    <ReadingCard reading={reading} numClasses={context.numClasses} isPointerLeft={point.isLeft} />
  );
}

interface ReadingProps {
  readonly reading: ProbeReading;
  readonly numClasses: number;
  readonly isPointerLeft: boolean;
}

function ReadingCard({ reading, numClasses, isPointerLeft }: ReadingProps) {
  return (
    <div className="probe-card" data-side={isPointerLeft ? "right" : "left"}>
      <div className="probe-place">
        {reading.x}, {reading.y}
        {reading.entropy !== null && <span>entropy {reading.entropy.toFixed(2)}</span>}
      </div>
      {reading.top.length > 0
        ? reading.top.map((entry, rank) => (
            <div className="probe-row" key={entry.trainId} data-first={rank === 0 || undefined}>
              <ClassName entry={entry} numClasses={numClasses} />
              <span className="probe-bar">
                <span style={{ width: `${entry.probability * 100}%` }} />
              </span>
              <span className="probe-number">{formatShare(entry.probability)}</span>
            </div>
          ))
        : reading.predicted !== null && (
            <div className="probe-row" data-first>
              <ClassName entry={reading.predicted} numClasses={numClasses} />
            </div>
          )}
      {reading.truth !== null && (
        <div className="probe-truth">
          truth
          <ClassName entry={reading.truth} numClasses={numClasses} />
        </div>
      )}
    </div>
  );
}

function ClassName({ entry, numClasses }: { readonly entry: ProbedClass; readonly numClasses: number }) {
  return (
    <span className="probe-class">
      <ClassSwatch trainId={entry.trainId} numClasses={numClasses} />
      {entry.name}
      <span className="probe-ids" title="train id and label id">
        {entry.trainId}
        {entry.labelId === null ? "" : ` · ${entry.labelId}`}
      </span>
    </span>
  );
}

/** A square in the class's colour. */
export function ClassSwatch({ trainId, numClasses }: { readonly trainId: number; readonly numClasses: number }) {
  const palette = useDisplay((state) => state.palette);
  const classes = labelSetFor(numClasses);
  const color = (palette === "cityscapes" ? classes.palette : classes.colorBlindSafePalette)[trainId];
  return <span className="swatch" style={color && { background: `rgb(${color.join(" ")})` }} />;
}

export function useProbeTarget(pane: PaneId, context: PaneContext): ProbeTarget {
  const layout = useAdaptView((state) => state.layout);
  const sources = useAdaptView((state) => state.sources);
  const visible: PaneSource[] = panesOf(layout).map((id) => sources[id]);
  if (layout === "split") visible.push(sources["pane-2"]);
  return probeTarget(sources[pane], visible, context);
}

/** The planes the probe reads; fetched once the scrubber rests, never for a move of the mouse. */
export function useProbePlanes(target: ProbeTarget | null, context: PaneContext): ProbePlanes {
  const [, refresh] = useReducer((count: number) => count + 1, 0);
  const stop = target?.stop ?? null;
  const urls = {
    labels: stop === null ? null : planeUrl(stop, "labels"),
    confidence: stop === null ? null : planeUrl(stop, "confidence"),
    entropy: stop === null ? null : planeUrl(stop, "entropy"),
    candidates: stop === null ? null : planeUrl(stop, "candidates"),
    truth: target?.showsTruth === true ? routes.groundTruth(context.imageId, context.numClasses) : null,
  };
  const key = Object.values(urls).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names all addresses
  useEffect(() => {
    const missing = Object.values(urls).filter((url) => url !== null && planes.peek(url) === null);
    if (missing.length === 0) return;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      for (const url of missing) {
        // What can't be fetched is not told of; the pane itself says what is wrong.
        if (url !== null) planes.get(url, controller.signal).then(refresh, () => {});
      }
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [key]);
  if (target === null) return NO_PLANES;
  const at = (url: string | null): Uint8Array | null => (url === null ? null : planes.peek(url));
  return {
    labels: at(urls.labels),
    confidence: at(urls.confidence),
    entropy: at(urls.entropy),
    candidates: at(urls.candidates),
    truth: at(urls.truth),
  };
}
