// One evaluated image in linked panes: prediction, errors, labels, and the compared evaluation's.

import { Loader, Menu, SegmentedControl, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconChevronDown } from "@tabler/icons-react";
import { useEffect, useMemo } from "react";
import type { EvaluationId, ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { FitButton, OpacitySlider } from "../../panes/display-controls.tsx";
import { ErrorBandItems } from "../../panes/error-band-items.tsx";
import { PaneLegend } from "../../panes/pane-legend.tsx";
import { PinMarks } from "../../panes/pin-marks.tsx";
import { PinnedPixels } from "../../panes/pinned-pixels.tsx";
import { togglePin } from "../../panes/pins.ts";
import { ProbeCard } from "../../panes/probe-card.tsx";
import { pointIn } from "../../panes/probe-point.ts";
import type { ProbedPicture } from "../../panes/probe-subjects.ts";
import { useStageBackground } from "../../panes/stage-background.ts";
import { useDisplay } from "../../state/display.ts";
import { useImage } from "../../state/entities.ts";
import { type PhotoState, useLayerStyle, usePhoto, usePicture } from "../../state/use-picture.ts";
import type { PaneContent } from "../../viewer/stage.ts";
import { ViewerPane } from "../../viewer/viewer-pane.tsx";
import { ViewerStage } from "../../viewer/viewer-stage.tsx";
import type { Size } from "../../viewer/viewport.ts";
import { evaluateViews, fitPanes, useEvaluateView } from "./evaluate-view.ts";
import {
  PANE_SOURCES,
  type PaneContext,
  type PaneSource,
  paneRequest,
  probedPicture,
  SOURCE_TITLES,
} from "./pane-request.ts";

const PANE_COUNTS = [1, 2, 4] as const;

interface ImagePanesProps {
  readonly imageId: ImageId;
  readonly evaluationId: EvaluationId;
  readonly otherId: EvaluationId | null;
  readonly modelClasses: LabelSet;
}

export function ImagePanes({ imageId, evaluationId, otherId, modelClasses }: ImagePanesProps) {
  const background = useStageBackground();
  const paneCount = useEvaluateView((view) => view.paneCount);
  const sources = useEvaluateView((view) => view.sources);
  const image = useImage(imageId);
  const photo = usePhoto(routes.photo(imageId));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another image is looked at from the start
  useEffect(fitPanes, [imageId]);
  const errorBandPx = useDisplay((state) => state.errorBandPx);
  const hasLabels = image?.hasLabels ?? false;
  const context: PaneContext = { imageId, evaluationId, otherId, modelClasses, hasLabels, errorBandPx };
  const shown = sources.slice(0, paneCount);
  const visible = shown.map((source) => probedPicture(source, context));
  const size = photo.photo ?? image?.size ?? null;
  return (
    <>
      <PaneBar paneCount={paneCount} />
      <ViewerStage views={evaluateViews} background={background} className="evaluate-stage">
        <div className="evaluate-panes" data-count={paneCount}>
          {shown.map((source, place) => (
            <Pane
              // biome-ignore lint/suspicious/noArrayIndexKey: a pane is its place; what it shows changes
              key={place}
              place={place}
              source={source}
              context={context}
              photo={photo}
              size={size}
              visible={visible}
            />
          ))}
        </div>
        <PinnedPixels imageId={imageId} visible={visible} size={size} />
      </ViewerStage>
    </>
  );
}

function PaneBar({ paneCount }: { readonly paneCount: 1 | 2 | 4 }) {
  return (
    <div className="images-bar" role="toolbar" aria-label="Panes">
      <SegmentedControl
        aria-label="Number of panes"
        value={String(paneCount)}
        onChange={(value) =>
          useEvaluateView.setState({ paneCount: PANE_COUNTS.find((count) => String(count) === value) ?? 4 })
        }
        data={PANE_COUNTS.map((count) => ({ value: String(count), label: count === 1 ? "1 pane" : `${count} panes` }))}
      />
      <FitButton onFit={fitPanes} />
      <span className="evaluation-bar-gap" />
      <OpacitySlider />
    </div>
  );
}

interface PaneProps {
  readonly place: number;
  readonly source: PaneSource;
  readonly context: PaneContext;
  readonly photo: PhotoState;
  readonly size: Size | null;
  /** What all panes draw. */
  readonly visible: readonly ProbedPicture[];
}

function Pane({ place, source, context, photo, size, visible }: PaneProps) {
  const request = paneRequest(source, context);
  const { picture, isLoading, problem } = usePicture(
    photo,
    size,
    request.status === "ready" ? request.layer : { kind: "none" },
  );
  const style = useLayerStyle(context.modelClasses);
  const content = useMemo((): PaneContent => ({ picture, split: null, style }), [picture, style]);
  return (
    <div className="evaluate-pane">
      <ViewerPane
        id={`evaluate-${place}`}
        content={content}
        views={evaluateViews}
        label={`Pane ${place + 1}: ${SOURCE_TITLES[source]}`}
        className="evaluate-view"
        onPoint={pointIn(`evaluate-${place}`)}
        onPick={(pixel) => togglePin(context.imageId, pixel)}
      />
      <PinMarks pane={`evaluate-${place}`} imageId={context.imageId} views={evaluateViews} />
      <div className="evaluate-pane-head">
        <SourceMenu place={place} source={source} />
        {isLoading && <Loader size={12} role="status" aria-label="Loading" />}
      </div>
      {request.status === "ready" && <PaneLegend picture={picture} heat={null} modelClasses={context.modelClasses} />}
      <ProbeCard
        pane={`evaluate-${place}`}
        picture={probedPicture(source, context)}
        rightPicture={null}
        visible={visible}
        size={size}
      />
      {request.status === "missing" && <div className="evaluate-pane-note">{request.reason}</div>}
      {problem !== null && (
        <div className="evaluate-pane-problem" role="alert">
          <IconAlertTriangle size={16} aria-hidden="true" />
          {problem}
        </div>
      )}
    </div>
  );
}

function SourceMenu({ place, source }: Pick<PaneProps, "place" | "source">) {
  return (
    <Menu position="bottom-start" width={200}>
      <Menu.Target>
        <UnstyledButton className="evaluate-source" aria-label={`Pane ${place + 1} shows: ${SOURCE_TITLES[source]}`}>
          {SOURCE_TITLES[source]}
          <IconChevronDown size={12} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {PANE_SOURCES.map((entry) => (
          <Menu.Item
            key={entry}
            rightSection={entry === source ? <IconCheck size={14} aria-hidden="true" /> : null}
            onClick={() => useEvaluateView.setState(({ sources }) => ({ sources: sources.with(place, entry) }))}
          >
            {SOURCE_TITLES[entry]}
          </Menu.Item>
        ))}
        {(source === "errors" || source === "otherErrors") && <ErrorBandItems />}
      </Menu.Dropdown>
    </Menu>
  );
}
