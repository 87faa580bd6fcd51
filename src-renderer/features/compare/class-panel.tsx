// The figures beside the panes: mean IoU of two of them, and what they differ in class by class.

import { Select } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { CITYSCAPES_19 } from "../../../src-shared/labels/label-sets.ts";
import { formatShare } from "../../components/format.ts";
import { GainText } from "../../components/gain-text.tsx";
import { changeCompare, useCompare } from "../../state/compare.ts";
import { ClassBars } from "./class-bars.tsx";
import { needsNoRun, SOURCE_TITLES } from "./pane-layer.ts";
import type { ShownPane } from "./use-shown-panes.ts";

interface ClassPanelProps {
  readonly image: ImageItem | undefined;
  readonly panes: readonly ShownPane[];
  readonly chosenClass: number | null;
  readonly onPickClass: (trainId: number, modelClasses: LabelSet, name: string) => void;
}

export function ClassPanel({ image, panes, chosenClass, onPickClass }: ClassPanelProps) {
  const against = useCompare((state) => state.against);
  const withRuns = panes.flatMap((shown, place) => (needsNoRun(shown.pane.source) ? [] : [{ shown, place }]));
  const [a] = withRuns;
  const others = withRuns.slice(1);
  const b = others.find(({ place }) => place === against) ?? others[0];
  return (
    <aside className="compare-side" aria-label="Differences by class">
      <h2>Classes</h2>
      {image?.hasLabels === false ? (
        <p className="dimmed compare-side-text">
          This image has no labels, so nothing can be scored. The panes show where the results differ.
        </p>
      ) : a === undefined || b === undefined ? (
        <p className="dimmed compare-side-text">Two panes with results are compared here.</p>
      ) : (
        <>
          {others.length > 1 && (
            <Select
              aria-label="Compare pane 1 with"
              allowDeselect={false}
              data={others.map(({ shown, place }) => ({
                value: String(place),
                label: `Pane ${a.place + 1} with pane ${place + 1}, ${SOURCE_TITLES[shown.pane.source].toLowerCase()}`,
              }))}
              value={String(b.place)}
              onChange={(value) =>
                Number(value) === b.place ||
                changeCompare(`compare pane ${a.place + 1} with pane ${Number(value) + 1}`, { against: Number(value) })
              }
            />
          )}
          <Compared a={a} b={b} chosenClass={chosenClass} onPickClass={onPickClass} />
        </>
      )}
    </aside>
  );
}

interface ComparedProps extends Pick<ClassPanelProps, "chosenClass" | "onPickClass"> {
  readonly a: { readonly shown: ShownPane; readonly place: number };
  readonly b: { readonly shown: ShownPane; readonly place: number };
}

function Compared({ a, b, chosenClass, onPickClass }: ComparedProps) {
  const [from, to] = [a.shown.scores, b.shown.scores];
  const classesOf = ({ resolved }: ShownPane) =>
    resolved === null || resolved === undefined ? undefined : labelSetOf(resolved.run.checkpoint);
  if (a.shown.resolved === null || b.shown.resolved === null) {
    return <p className="dimmed compare-side-text">One of the panes has no result on this image.</p>;
  }
  if (from === null || to === null) return <div className="skeleton compare-side-skeleton" />;
  const modelClasses = classesOf(a.shown) ?? CITYSCAPES_19;
  if (classesOf(b.shown) !== modelClasses) {
    return <p className="dimmed compare-side-text">These models have different classes.</p>;
  }
  return (
    <>
      <div className="compare-means">
        <Mean place={a.place} miou={from.miou} />
        <IconArrowRight size={16} aria-label="to" />
        <Mean place={b.place} miou={to.miou} />
        <span className="compare-means-gain">
          <GainText gain={from.miou === null || to.miou === null ? null : to.miou - from.miou} />
        </span>
      </div>
      <p className="dimmed compare-definition">
        IoU on this image: pixels that are right, of all that are predicted or labelled as the class. The mean is over
        the classes below; ignored pixels are left out.
      </p>
      <ClassBars
        a={from}
        b={to}
        modelClasses={modelClasses}
        chosen={chosenClass}
        onPick={(id, name) => onPickClass(id, modelClasses, name)}
      />
    </>
  );
}

function Mean({ place, miou }: { readonly place: number; readonly miou: number | null }) {
  return (
    <span className="compare-mean">
      <span className="dimmed">Pane {place + 1}</span>
      <strong>{formatShare(miou)}</strong>
    </span>
  );
}
