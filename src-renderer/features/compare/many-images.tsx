// Two sides over many images: who gains, who loses, by how much, and in which classes.

import { Button, CloseButton, Select } from "@mantine/core";
import { IconChartHistogram } from "@tabler/icons-react";
import { type ReactNode, useMemo } from "react";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { countOf, formatCount, formatShare } from "../../components/format.ts";
import { GainText } from "../../components/gain-text.tsx";
import { Notice } from "../../components/notice.tsx";
import { classesOfCheckpoint } from "../../state/checkpoint-classes.ts";
import { useCheckpoint } from "../../state/entities.ts";
import { useNavigation } from "../../state/navigation.ts";
import { sentenceOf } from "../../state/tell.ts";
import { ClassBars } from "./class-bars.tsx";
import { datasetClass } from "./class-differences.ts";
import { GainHistogram } from "./gain-histogram.tsx";
import { GainList } from "./gain-list.tsx";
import { GAIN_ORDERS, type GainOrder, type GainSummary, gainOfImage, gainSummary } from "./gains.ts";
import { useManyView } from "./many-view.ts";
import "./many-images.css";
import { openPair } from "./open-pair.ts";
import { SidePicker } from "./side-picker.tsx";
import type { ComparisonState } from "./use-comparison.ts";

const ORDER_TITLES: Readonly<Record<GainOrder, string>> = {
  gain: "Largest gain first",
  loss: "Largest loss first",
  change: "Largest change first",
  name: "By name",
};

interface ManyImagesProps {
  readonly dataset: Dataset | undefined;
  readonly state: ComparisonState;
}

export function ManyImages({ dataset, state: { query, comparison, images, error } }: ManyImagesProps) {
  const { order, chosenClass } = useManyView();
  return (
    <div className="many-images">
      <div className="many-main">
        <div className="many-sides">
          <SidePicker side="a" value={query?.a ?? null} />
          <SidePicker side="b" value={query?.b ?? null} />
        </div>
        <div className="many-bar">
          <Select
            aria-label="Order"
            w={180}
            allowDeselect={false}
            data={GAIN_ORDERS.map((value) => ({ value, label: ORDER_TITLES[value] }))}
            value={order}
            onChange={(value) =>
              useManyView.setState({ order: GAIN_ORDERS.find((entry) => entry === value) ?? "gain" })
            }
          />
          {chosenClass !== null && (
            <span className="many-filter">
              with {chosenClass.name}
              <CloseButton
                size="xs"
                aria-label={`Show all images, not only those with ${chosenClass.name}`}
                onClick={() => useManyView.setState({ chosenClass: null })}
              />
            </span>
          )}
          <span className="dimmed many-count">
            {comparison === undefined
              ? ""
              : `${countOf(images.length, "image")} with a result on both sides. Enter or double-click opens one.`}
          </span>
        </div>
        {error !== null && (
          <div className="many-notice">
            <Notice level="error">{sentenceOf(error)}</Notice>
          </div>
        )}
        {query === null || comparison?.images.length === 0 ? (
          <NothingToCompare dataset={dataset} />
        ) : comparison === undefined && error === null ? (
          <div className="many-skeleton skeleton" />
        ) : (
          <GainList images={images} onOpen={(image) => openPair(query, image)} />
        )}
      </div>
      {comparison !== undefined && comparison.images.length > 0 && (
        <Summary state={{ query, comparison, images, error }} />
      )}
    </div>
  );
}

function NothingToCompare({ dataset }: { readonly dataset: Dataset | undefined }) {
  const go = useNavigation((state) => state.go);
  return (
    <EmptyState
      icon={<IconChartHistogram size={28} stroke={1.5} />}
      title="Nothing to compare yet"
      action={<Button onClick={() => go({ screen: "datasets" })}>Choose images and run them</Button>}
    >
      {dataset === undefined
        ? "No dataset is open."
        : `No image of ${dataset.name} has a finished run on both of these sides.`}{" "}
      Select images in Datasets and run them all with one checkpoint.
    </EmptyState>
  );
}

function Summary({ state: { query, comparison, images } }: { readonly state: ComparisonState }) {
  const summary = useMemo(() => gainSummary(images), [images]);
  const gains = useMemo(() => images.flatMap((image) => gainOfImage(image) ?? []), [images]);
  const modelClasses = classesOfCheckpoint(useCheckpoint(query?.a.checkpointId ?? null));
  const chosenClass = useManyView((view) => view.chosenClass);
  return (
    <aside className="compare-side" aria-label="Summary">
      <h2>
        {countOf(summary.scored, "image")}
        {summary.scored < summary.images && (
          <span className="dimmed"> · {formatCount(summary.images - summary.scored)} without labels</span>
        )}
      </h2>
      {summary.scored === 0 ? (
        <p className="dimmed compare-side-text">None of these images has labels, so nothing can be scored.</p>
      ) : (
        <>
          <Figures summary={summary} />
          <p className="dimmed compare-definition">
            Means over images: each image's own mean IoU counts the same, whatever its size. They are not pooled over
            pixels, as benchmarks do.
          </p>
          <h3>Gains in points</h3>
          <GainHistogram gains={gains} />
          {comparison?.meanA != null && comparison.meanB != null && (
            <>
              <h3>Classes</h3>
              <p className="dimmed compare-definition">
                A class's IoU averaged over the images that have one on that side
                {chosenClass === null ? "" : "; over all images, not only those listed"}.
              </p>
              <ClassBars
                a={comparison.meanA}
                b={comparison.meanB}
                modelClasses={modelClasses}
                chosen={chosenClass?.trainId ?? null}
                onPick={(trainId, name) =>
                  useManyView.setState({
                    chosenClass:
                      chosenClass?.trainId === trainId
                        ? null
                        : { trainId, name, datasetClass: datasetClass(trainId, modelClasses) },
                  })
                }
              />
            </>
          )}
        </>
      )}
    </aside>
  );
}

function Figures({ summary }: { readonly summary: GainSummary }) {
  const { meanA, meanB, meanGain, medianGain, better, worse, equal } = summary;
  return (
    <>
      <div className="many-figures">
        <Figure title="Mean of A">{formatShare(meanA)}</Figure>
        <Figure title="Mean of B">{formatShare(meanB)}</Figure>
        <Figure title="Mean gain">
          <GainText gain={meanGain} />
        </Figure>
        <Figure title="Median gain">
          <GainText gain={medianGain} />
        </Figure>
      </div>
      <p className="many-counts">
        <span data-sign="gain">{formatCount(better)} better</span>
        <span data-sign="loss">{formatCount(worse)} worse</span>
        {equal > 0 && <span>{formatCount(equal)} equal</span>}
      </p>
    </>
  );
}

function Figure({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="many-figure">
      <span className="dimmed">{title}</span>
      <strong>{children}</strong>
    </div>
  );
}
