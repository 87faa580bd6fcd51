// The panes: one canvas, one to four boxes over it, each with its source, and the pixel under the pointer.
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { PinnedPixels } from "../../panes/pinned-pixels.tsx";
import { useStageBackground } from "../../panes/stage-background.ts";
import type { PhotoState } from "../../state/use-picture.ts";
import { ViewerStage } from "../../viewer/viewer-stage.tsx";
import type { Size } from "../../viewer/viewport.ts";
import { AdaptPane } from "./adapt-pane.tsx";
import { adaptViews, type PaneId, panesOf, useAdaptView, visibleSources } from "./adapt-view.ts";
import { type PaneContext, probedPicture } from "./pane-sources.ts";
import "./panes.css";

interface Props {
  readonly context: PaneContext;
  readonly photo: PhotoState;
  readonly size: Size | null;
  readonly runs: readonly RunSummary[];
}

export function PaneGrid({ context, photo, size, runs }: Props) {
  const layout = useAdaptView((state) => state.layout);
  const sources = useAdaptView((state) => state.sources);
  const isBlinking = useAdaptView((state) => state.isBlinking);
  const visible = visibleSources({ layout, sources, isBlinking }).map((source) => probedPicture(source, context));
  const background = useStageBackground();
  const panes: readonly PaneId[] = panesOf(layout);
  return (
    <ViewerStage views={adaptViews} background={background} className="panes-stage">
      <div className="panes" data-layout={layout}>
        {panes.map((id) => (
          <AdaptPane key={id} id={id} context={context} photo={photo} size={size} runs={runs} visible={visible} />
        ))}
      </div>
      <PinnedPixels imageId={context.imageId} visible={visible} size={size} />
    </ViewerStage>
  );
}
