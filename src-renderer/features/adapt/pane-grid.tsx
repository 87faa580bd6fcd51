// The panes: one canvas, one to four boxes over it, each with its source, and the pixel under the pointer.
import { useComputedColorScheme } from "@mantine/core";
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import type { Palette } from "../../../src-shared/labels/palettes.ts";
import type { Photo } from "../../viewer/picture.ts";
import { ViewerStage } from "../../viewer/viewer-stage.tsx";
import type { Size } from "../../viewer/viewport.ts";
import { AdaptPane } from "./adapt-pane.tsx";
import { adaptViews, type PaneId, panesOf, useAdaptView } from "./adapt-view.ts";
import type { PaneContext } from "./pane-sources.ts";
import { PinnedPixels } from "./pinned-pixels.tsx";
import "./panes.css";

/** Darker than the panel in the dark, and not white in the light: neither changes how colours look. */
const BACKGROUNDS: Readonly<Record<"dark" | "light", Palette[number]>> = { dark: [10, 12, 15], light: [226, 230, 235] };

interface Props {
  readonly context: PaneContext;
  readonly photo: Photo | null;
  readonly photoProblem: string | null;
  readonly size: Size | null;
  readonly runs: readonly RunSummary[];
}

export function PaneGrid({ context, photo, photoProblem, size, runs }: Props) {
  const layout = useAdaptView((state) => state.layout);
  const scheme = useComputedColorScheme("dark");
  const panes: readonly PaneId[] = panesOf(layout);
  return (
    <ViewerStage views={adaptViews} background={BACKGROUNDS[scheme]} className="panes-stage">
      <div className="panes" data-layout={layout}>
        {panes.map((id) => (
          <AdaptPane
            key={id}
            id={id}
            context={context}
            photo={photo}
            photoProblem={photoProblem}
            size={size}
            runs={runs}
          />
        ))}
      </div>
      <PinnedPixels context={context} size={size} />
    </ViewerStage>
  );
}
