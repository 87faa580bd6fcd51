// Pinned pixels as a table: what every prediction on the screen says there, and the truth where it is shown.

import { IconX } from "@tabler/icons-react";
import type { ImageId } from "../../src-shared/contract/workbench/ids.ts";
import type { LabelSet } from "../../src-shared/labels/label-sets.ts";
import { formatShare } from "../components/format.ts";
import { useDisplay } from "../state/display.ts";
import type { ProbeReading } from "../viewer/probe.ts";
import type { Size } from "../viewer/viewport.ts";
import { ClassSwatch } from "./class-swatch.tsx";
import { togglePin, usePins } from "./pins.ts";
import { type ProbedPicture, predictionsIn, truthIn } from "./probe-subjects.ts";
import { type PixelScene, readPixel } from "./read-pixel.ts";
import { usePlanes } from "./use-planes.ts";
import "./probe.css";

interface Props {
  readonly imageId: ImageId | null;
  readonly visible: readonly ProbedPicture[];
  readonly size: Size | null;
}

export function PinnedPixels({ imageId, visible, size }: Props) {
  const pins = usePins(imageId);
  const predictions = predictionsIn(visible);
  const truth = truthIn(visible);
  const urls = [...predictions.flatMap(({ labels, confidence }) => [labels, confidence]), truth?.labels ?? null];
  const planeAt = usePlanes(pins.length === 0 ? [] : urls.filter((url) => url !== null));
  const display = useDisplay();
  if (imageId === null || pins.length === 0 || size === null) return null;
  const scene: PixelScene = { size, display, planeAt };
  return (
    <table className="pin-list" aria-label="Pinned pixels">
      <thead>
        <tr>
          <th scope="col" colSpan={2}>
            <span className="visually-hidden">Pixel</span>
          </th>
          {predictions.map(({ labels, title }) => (
            <th scope="col" key={labels}>
              {title}
            </th>
          ))}
          {truth !== null && <th scope="col">Truth</th>}
          <td />
        </tr>
      </thead>
      <tbody>
        {pins.map((pin, index) => (
          <tr key={`${pin.x},${pin.y}`}>
            <td>
              <span className="pin-number">{index + 1}</span>
            </td>
            <td className="pin-place">
              {pin.x}, {pin.y}
            </td>
            {predictions.map((prediction) => (
              <PinnedClass
                key={prediction.labels}
                reading={readPixel(prediction, null, pin, scene)}
                modelClasses={prediction.modelClasses}
              />
            ))}
            {truth !== null && (
              <PinnedClass reading={readPixel(null, truth, pin, scene)} modelClasses={truth.modelClasses} />
            )}
            <td>
              <button
                type="button"
                className="pin-remove"
                aria-label={`Remove pin ${index + 1}`}
                onClick={() => togglePin(imageId, pin)}
              >
                <IconX size={12} aria-hidden="true" />
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The class that a prediction, or the truth, has there. */
function PinnedClass({
  reading,
  modelClasses,
}: {
  readonly reading: ProbeReading | null;
  readonly modelClasses: LabelSet;
}) {
  const entry = reading?.predicted ?? reading?.truth ?? null;
  if (entry === null) return <td>{reading?.isUnsure === true ? "less sure" : ""}</td>;
  const probability = reading?.top[0]?.probability;
  return (
    <td>
      <span className="probe-class" data-hidden={entry.trainId === null || undefined}>
        <ClassSwatch trainId={entry.trainId} modelClasses={modelClasses} />
        {entry.name}
        {probability !== undefined && <span className="probe-number">{formatShare(probability)}</span>}
      </span>
    </td>
  );
}
