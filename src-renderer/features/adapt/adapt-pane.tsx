// One pane: what it shows, where that comes from, and the card of the pixel under the pointer.
import { Loader } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMemo } from "react";
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { useLayerStyle, usePicture } from "../../state/use-picture.ts";
import type { Photo } from "../../viewer/picture.ts";
import { SplitHandle } from "../../viewer/split-handle.tsx";
import type { PaneContent } from "../../viewer/stage.ts";
import { ViewerPane } from "../../viewer/viewer-pane.tsx";
import type { Size } from "../../viewer/viewport.ts";
import { adaptViews, type PaneId, useAdaptView, withPin } from "./adapt-view.ts";
import { PaneLegend } from "./pane-legend.tsx";
import { blinked, type PaneContext, type PaneSource, paneRequest, SOURCE_TITLES } from "./pane-sources.ts";
import { PinMarks } from "./pinned-pixels.tsx";
import { ProbeCard } from "./probe-card.tsx";
import { useProbePoint } from "./probe-state.ts";
import { SourceMenu } from "./source-menu.tsx";

interface Props {
  readonly id: PaneId;
  readonly context: PaneContext;
  readonly photo: Photo | null;
  readonly photoProblem: string | null;
  readonly size: Size | null;
  readonly runs: readonly RunSummary[];
}

export function AdaptPane({ id, context, photo, photoProblem, size, runs }: Props) {
  const layout = useAdaptView((state) => state.layout);
  const isBlinking = useAdaptView((state) => state.isBlinking);
  const chosen = useAdaptView((state) => state.sources[id]);
  const right = useAdaptView((state) => state.sources["pane-2"]);
  const splitAt = useAdaptView((state) => state.splitAt);
  const isActive = useAdaptView((state) => state.activePane === id);
  const isSplit = layout === "split";
  const source = isBlinking && !isSplit ? blinked(chosen) : chosen;
  const own = useSourcePicture(source, context, photo, size);
  const other = useSourcePicture(isBlinking ? source : right, context, photo, size);
  const style = useLayerStyle(context.numClasses);
  const content = useMemo(
    (): PaneContent => ({
      picture: own.picture,
      split: isSplit && other.picture !== null ? { picture: other.picture, at: splitAt } : null,
      style,
    }),
    [own.picture, other.picture, isSplit, splitAt, style],
  );
  const title = isSplit ? `${SOURCE_TITLES[source]} and ${SOURCE_TITLES[right]}` : SOURCE_TITLES[source];
  const problem = photoProblem ?? own.problem ?? (isSplit ? other.problem : null);

  return (
    <div className="pane-box" data-active={(isActive && layout !== "one" && !isSplit) || undefined}>
      <ViewerPane
        id={id}
        content={content}
        views={adaptViews}
        label={title}
        className="pane"
        onFocus={() => useAdaptView.setState({ activePane: id })}
        onPoint={(pixel, isLeft) =>
          useProbePoint.setState({ point: pixel === null ? null : { pane: id, ...pixel, isLeft } })
        }
        onPick={(pixel) => useAdaptView.setState((view) => withPin(view, pixel))}
      />
      <div className="pane-head">
        <SourceMenu pane={id} source={source} runs={runs} numClasses={context.numClasses} />
        {own.isLoading && <Loader size={12} role="status" aria-label="Loading" />}
        {isSplit && (
          <span className="pane-head-right">
            {other.isLoading && <Loader size={12} role="status" aria-label="Loading" />}
            <SourceMenu pane="pane-2" source={right} runs={runs} numClasses={context.numClasses} />
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
          label={`Divider between ${SOURCE_TITLES[source]} and ${SOURCE_TITLES[right]}`}
          className="split-handle"
        />
      )}
      <PinMarks pane={id} />
      {own.missing === null && !isSplit && <PaneLegend source={source} hasTruth={context.hasLabels} />}
      <ProbeCard pane={id} context={context} size={size} />
    </div>
  );
}

function useSourcePicture(source: PaneSource, context: PaneContext, photo: Photo | null, size: Size | null) {
  const request = paneRequest(source, context);
  const layer = request.status === "ready" ? request.layer : ({ kind: "none" } as const);
  const state = usePicture(photo, size, layer);
  return { ...state, missing: request.status === "missing" ? request.reason : null };
}
