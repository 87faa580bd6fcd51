// What is known of the pixel under the pointer, in a corner of its pane.
import type { LabelSet } from "../../src-shared/labels/label-sets.ts";
import { formatShare } from "../components/format.ts";
import { useDisplay } from "../state/display.ts";
import type { ProbedClass, ProbeReading } from "../viewer/probe.ts";
import type { Size } from "../viewer/viewport.ts";
import { ClassName } from "./class-swatch.tsx";
import { type ProbePoint, useProbePoint } from "./probe-point.ts";
import { type ProbedPicture, probeSubject, subjectUrls } from "./probe-subjects.ts";
import { readPixel } from "./read-pixel.ts";
import { usePlanes } from "./use-planes.ts";
import "./probe.css";

interface Props {
  readonly pane: string;
  readonly picture: ProbedPicture;
  /** Right of the divider; null where there is none. */
  readonly rightPicture: ProbedPicture | null;
  /** Of all panes in view, this one's too. */
  readonly visible: readonly ProbedPicture[];
  readonly size: Size | null;
}

export function ProbeCard({ pane, picture, rightPicture, visible, size }: Props) {
  const point = useProbePoint((state) => (state.point?.pane === pane ? state.point : null));
  const own = point?.isRightOfSplit === true && rightPicture !== null ? rightPicture : picture;
  const subject = probeSubject(own, visible);
  const planeAt = usePlanes(point === null ? [] : subjectUrls(subject));
  const display = useDisplay();
  if (point === null || size === null) return null;
  const scene = { size, display, planeAt };
  const reading = readPixel(subject.prediction, subject.truth, point, scene);
  const modelClasses = (subject.prediction ?? subject.truth)?.modelClasses;
  if (reading === null || modelClasses === undefined) return <PlaceCard point={point} />;
  const others = subject.others.map((other) => ({
    title: other.title,
    predicted: readPixel(other, null, point, scene)?.predicted ?? null,
  }));
  return <ReadingCard reading={reading} others={others} modelClasses={modelClasses} isPointerLeft={point.isLeft} />;
}

/** Where nothing but the photograph is shown. */
function PlaceCard({ point }: { readonly point: ProbePoint }) {
  return (
    <div className="probe-card" data-side={point.isLeft ? "right" : "left"}>
      <div className="probe-place">
        {point.x}, {point.y}
      </div>
    </div>
  );
}

interface ReadingProps {
  readonly reading: ProbeReading;
  readonly others: readonly { readonly title: string; readonly predicted: ProbedClass | null }[];
  readonly modelClasses: LabelSet;
  readonly isPointerLeft: boolean;
}

function ReadingCard({ reading, others, modelClasses, isPointerLeft }: ReadingProps) {
  const { predicted, top, entropy, truth, isUnsure } = reading;
  return (
    <div className="probe-card" data-side={isPointerLeft ? "right" : "left"}>
      <div className="probe-place">
        {reading.x}, {reading.y}
        {entropy !== null && <span>entropy {entropy.toFixed(2)}</span>}
      </div>
      {isUnsure && <div className="probe-row">less sure than the least confidence</div>}
      {top.map((entry, rank) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its rank; several may be of hidden classes
        <div className="probe-row" key={rank} data-first={rank === 0 || undefined}>
          <ClassName entry={entry} modelClasses={modelClasses} />
          <span className="probe-bar">
            <span style={{ width: `${entry.probability * 100}%` }} />
          </span>
          <span className="probe-number">{formatShare(entry.probability)}</span>
        </div>
      ))}
      {top.length === 0 && predicted !== null && (
        <div className="probe-row" data-first>
          <ClassName entry={predicted} modelClasses={modelClasses} />
        </div>
      )}
      {others.map(
        ({ title, predicted: other }) =>
          other !== null && (
            <div className="probe-also" key={title}>
              {title}
              <ClassName entry={other} modelClasses={modelClasses} />
            </div>
          ),
      )}
      {truth !== null && (
        <div className="probe-also">
          Truth
          <ClassName entry={truth} modelClasses={modelClasses} />
        </div>
      )}
    </div>
  );
}
