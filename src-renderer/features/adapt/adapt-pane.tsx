// One pane: what it shows, where that comes from, and the card of the pixel under the pointer.
import { Loader } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMemo } from "react";
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { PaneLegend } from "../../panes/pane-legend.tsx";
import { PinMarks } from "../../panes/pin-marks.tsx";
import { togglePin } from "../../panes/pins.ts";
import { ProbeCard } from "../../panes/probe-card.tsx";
import { pointIn } from "../../panes/probe-point.ts";
import type { ProbedPicture } from "../../panes/probe-subjects.ts";
import { type PhotoState, useLayerStyle, usePicture } from "../../state/use-picture.ts";
import { SplitHandle } from "../../viewer/split-handle.tsx";
import type { PaneContent } from "../../viewer/stage.ts";
import { ViewerPane } from "../../viewer/viewer-pane.tsx";
import type { Size } from "../../viewer/viewport.ts";
import { adaptViews, drawnSources, type PaneId, useAdaptView } from "./adapt-view.ts";
import { type PaneContext, type PaneSource, paneRequest, probedPicture, SOURCE_TITLES } from "./pane-sources.ts";
import { SourceMenu } from "./source-menu.tsx";

interface Props {
  readonly id: PaneId;
  readonly context: PaneContext;
  readonly photo: PhotoState;
  readonly size: Size | null;
  readonly runs: readonly RunSummary[];
  /** What all panes in view draw. */
  readonly visible: readonly ProbedPicture[];
}

export function AdaptPane({ id, context, photo, size, runs, visible }: Props) {
  const layout = useAdaptView((state) => state.layout);
  const chosen = useAdaptView((state) => state.sources);
  const isBlinking = useAdaptView((state) => state.isBlinking);
  const splitAt = useAdaptView((state) => state.splitAt);
  const isActive = useAdaptView((state) => state.activePane === id);
  const isSplit = layout === "split";
  const [left, right] = drawnSources({ layout, sources: chosen, isBlinking }, id);
  const own = useSourcePicture(left, context, photo, size);
  const other = useSourcePicture(right ?? left, context, photo, size);
  const style = useLayerStyle(context.modelClasses);
  const content = useMemo(
    (): PaneContent => ({
      picture: own.picture,
      split: isSplit && other.picture !== null ? { picture: other.picture, at: splitAt } : null,
      style,
    }),
    [own.picture, other.picture, isSplit, splitAt, style],
  );
  // Held down, the blink key changes what is drawn left and right of the divider, and not what was chosen.
  const [source, rightSource] = [isSplit ? chosen[id] : left, chosen["pane-2"]];
  const title = isSplit ? `${SOURCE_TITLES[source]} and ${SOURCE_TITLES[rightSource]}` : SOURCE_TITLES[source];
  const problem = own.problem ?? (isSplit ? other.problem : null);

  return (
    <div className="pane-box" data-active={(isActive && layout !== "one" && !isSplit) || undefined}>
      <ViewerPane
        id={id}
        content={content}
        views={adaptViews}
        label={title}
        className="pane"
        onFocus={() => useAdaptView.setState({ activePane: id })}
        onPoint={pointIn(id)}
        onPick={(pixel) => togglePin(context.imageId, pixel)}
      />
      <div className="pane-head">
        <SourceMenu pane={id} source={source} runs={runs} context={context} />
        {own.isLoading && <Loader size={12} role="status" aria-label="Loading" />}
        {isSplit && (
          <span className="pane-head-right">
            {other.isLoading && <Loader size={12} role="status" aria-label="Loading" />}
            <SourceMenu pane="pane-2" source={rightSource} runs={runs} context={context} />
          </span>
        )}
      </div>
      {own.missing !== null && !isSplit && <div className="pane-note">{own.missing}</div>}
      {problem !== null && (
        <div className="pane-problem" role="alert">
          <IconAlertTriangle size={16} aria-hidden="true" />
          {problem}
        </div>
      )}
      {isSplit && (
        <SplitHandle
          at={splitAt}
          onMove={(at) => useAdaptView.setState({ splitAt: at })}
          label={`Divider between ${SOURCE_TITLES[source]} and ${SOURCE_TITLES[rightSource]}`}
          className="split-handle"
        />
      )}
      <PinMarks pane={id} imageId={context.imageId} views={adaptViews} />
      {own.missing === null && !isSplit && (
        <PaneLegend
          picture={own.picture}
          heat={source === "confidence" || source === "entropy" ? source : null}
          modelClasses={context.modelClasses}
        />
      )}
      <ProbeCard
        pane={id}
        picture={probedPicture(left, context)}
        rightPicture={right === null ? null : probedPicture(right, context)}
        visible={visible}
        size={size}
      />
    </div>
  );
}

function useSourcePicture(source: PaneSource, context: PaneContext, photo: PhotoState, size: Size | null) {
  const request = paneRequest(source, context);
  const layer = request.status === "ready" ? request.layer : ({ kind: "none" } as const);
  const state = usePicture(photo, size, layer);
  return { ...state, missing: request.status === "missing" ? request.reason : null };
}
