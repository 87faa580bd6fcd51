// The images of an evaluation: in an order or narrowed to what went wrong, one of them in panes.

import { CloseButton, Select } from "@mantine/core";
import { skipToken, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { FIGURE_DEFINITIONS } from "../../../src-shared/contract/evaluation.ts";
import type { Evaluation, EvaluationResult } from "../../../src-shared/contract/workbench/evaluations.ts";
import type { EvaluationId, ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { countOf, formatShare, shortName } from "../../components/format.ts";
import { GainText } from "../../components/gain-text.tsx";
import { Notice } from "../../components/notice.tsx";
import { api } from "../../state/api.ts";
import { useCommands } from "../../state/commands.ts";
import { sentenceOf } from "../../state/tell.ts";
import { type Narrowing, useEvaluateView } from "./evaluate-view.ts";
import { ImageList } from "./image-list.tsx";
import { ImagePanes } from "./image-panes.tsx";
import {
  comparesTwo,
  IMAGE_ORDERS,
  type ImageRow,
  imageRows,
  ORDER_TITLES,
  orderedRows,
  rowsOfCell,
  rowsOfClass,
} from "./image-rows.ts";
import "./images-tab.css";
import type { Compared } from "./use-evaluations.ts";

interface ImagesTabProps {
  readonly evaluation: Evaluation;
  readonly result: EvaluationResult;
  readonly compared: Compared;
}

export function ImagesTab({ evaluation, result, compared: { other, otherResult } }: ImagesTabProps) {
  const narrowing = useEvaluateView((view) => view.narrowing);
  const chosenOrder = useEvaluateView((view) => view.imageOrder);
  const imageId = useEvaluateView((view) => view.imageId);
  const order = comparesTwo(chosenOrder) && otherResult === null ? "worst" : chosenOrder;
  const all = useMemo(() => imageRows(result, otherResult), [result, otherResult]);
  const { rows, isLoading, error } = useRows(evaluation.id, all, narrowing, order);
  const place = rows.findIndex((row) => row.imageId === imageId);
  const shown = rows[Math.max(0, place)];
  const choose = (id: ImageId) => useEvaluateView.setState({ imageId: id });
  const step = (by: number) => {
    const next = rows[Math.max(0, place) + by];
    if (next !== undefined) choose(next.imageId);
  };
  const group = "Evaluate";
  useCommands([
    { id: "evaluate.nextImage", title: "Next image", group, keys: "]", repeats: true, run: () => step(1) },
    { id: "evaluate.previousImage", title: "Previous image", group, keys: "[", repeats: true, run: () => step(-1) },
  ]);
  return (
    <div className="images-tab">
      <div className="images-side">
        <div className="images-bar">
          {narrowing === null ? (
            <Select
              aria-label="Order of the images"
              className="images-order"
              allowDeselect={false}
              value={order}
              data={IMAGE_ORDERS.filter((entry) => otherResult !== null || !comparesTwo(entry)).map((value) => ({
                value,
                label: ORDER_TITLES[value],
              }))}
              onChange={(value) =>
                useEvaluateView.setState({
                  imageOrder: IMAGE_ORDERS.find((entry) => entry === value) ?? "worst",
                  imageId: null,
                })
              }
            />
          ) : (
            <span className="images-narrowing">
              <span title={narrowingText(narrowing, labelSetOf(evaluation))}>
                {narrowingText(narrowing, labelSetOf(evaluation))}
              </span>
              <CloseButton
                size="xs"
                aria-label="Show all images"
                onClick={() => useEvaluateView.setState({ narrowing: null, imageId: null })}
              />
            </span>
          )}
          <span className="dimmed images-count">{countOf(rows.length, "image")}</span>
        </div>
        {error !== null && (
          <div className="evaluation-problems">
            <Notice level="error">{sentenceOf(error)}</Notice>
          </div>
        )}
        {isLoading ? (
          <div className="evaluation-skeleton skeleton" />
        ) : rows.length === 0 ? (
          <p className="images-none">No image has such pixels.</p>
        ) : (
          <ImageList
            rows={rows}
            shownId={shown?.imageId ?? null}
            order={order}
            narrowing={narrowing}
            isCompared={otherResult !== null}
            onPick={choose}
          />
        )}
      </div>
      {shown !== undefined && (
        <div className="images-main">
          <ImagePanes
            imageId={shown.imageId}
            evaluationId={evaluation.id}
            otherId={otherResult === null ? null : (other?.id ?? null)}
            modelClasses={labelSetOf(evaluation)}
          />
          <ImageFigures row={shown} isCompared={otherResult !== null} />
        </div>
      )}
    </div>
  );
}

function useRows(
  id: EvaluationId,
  all: readonly ImageRow[],
  narrowing: Narrowing | null,
  order: (typeof IMAGE_ORDERS)[number],
) {
  const cell = narrowing?.kind === "cell" ? { label: narrowing.label, predicted: narrowing.predicted } : null;
  const { data: confused, error } = useQuery({
    queryKey: ["evaluation", id, "confused", cell],
    queryFn: cell === null ? skipToken : () => api.evaluations.confused.query({ id, ...cell }),
  });
  const rows = useMemo(() => {
    if (narrowing === null) return orderedRows(all, order);
    if (narrowing.kind === "class") return rowsOfClass(all, narrowing.trainId);
    return rowsOfCell(all, confused ?? []);
  }, [all, narrowing, order, confused]);
  return { rows, isLoading: cell !== null && confused === undefined && error === null, error };
}

function narrowingText(narrowing: Narrowing, modelClasses: LabelSet): string {
  const { names } = modelClasses;
  if (narrowing.kind === "class") return `${names[narrowing.trainId]}, lowest IoU first`;
  const { label, predicted } = narrowing;
  return label === predicted ? `${names[label]}, right` : `${names[label]} taken for ${names[predicted]}`;
}

/** The figures of the image in the panes. */
function ImageFigures({ row, isCompared }: { readonly row: ImageRow; readonly isCompared: boolean }) {
  return (
    <dl className="image-figures">
      <div className="image-figures-name">
        <dt>Image</dt>
        <dd title={row.key}>{shortName(row.key)}</dd>
      </div>
      <div title="Mean over the classes that occur in this image's labels or prediction">
        <dt>its mean IoU</dt>
        <dd>{formatShare(row.miou)}</dd>
      </div>
      {isCompared && (
        <div>
          <dt>gain</dt>
          <dd>
            <GainText gain={row.gain} />
          </dd>
        </div>
      )}
      <div title={FIGURE_DEFINITIONS.entropy}>
        <dt>entropy</dt>
        <dd>{formatShare(row.entropy)}</dd>
      </div>
      <div title={FIGURE_DEFINITIONS.confidence}>
        <dt>confidence</dt>
        <dd>{formatShare(row.confidence)}</dd>
      </div>
    </dl>
  );
}
