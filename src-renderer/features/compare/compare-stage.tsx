// The panes over one canvas: side by side, two in one with a divider, or one after the other in the same place.
import { Button } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconAlertTriangle, IconPlayerPlay } from "@tabler/icons-react";
import { useMemo } from "react";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { PaneLegend } from "../../panes/pane-legend.tsx";
import { PinMarks } from "../../panes/pin-marks.tsx";
import { PinnedPixels } from "../../panes/pinned-pixels.tsx";
import { togglePin } from "../../panes/pins.ts";
import { ProbeCard } from "../../panes/probe-card.tsx";
import { pointIn } from "../../panes/probe-point.ts";
import { useStageBackground } from "../../panes/stage-background.ts";
import { useCompare } from "../../state/compare.ts";
import { usePhoto } from "../../state/use-picture.ts";
import { SplitHandle } from "../../viewer/split-handle.tsx";
import type { PaneContent, StagePixel } from "../../viewer/stage.ts";
import { ViewerPane } from "../../viewer/viewer-pane.tsx";
import { ViewerStage } from "../../viewer/viewer-stage.tsx";
import { arrangePanes } from "./arrange-panes.ts";
import { blinkPlace, useBlink } from "./blink.ts";
import { compareViews } from "./compare-views.ts";
import { PaneHead } from "./pane-head.tsx";
import { SOURCE_TITLES } from "./pane-layer.ts";
import { paneNames } from "./pane-names.ts";
import { runAgain } from "./run-again.ts";
import { type PaneContentState, usePaneContent } from "./use-pane-content.ts";
import type { ShownPane } from "./use-shown-panes.ts";

interface CompareStageProps {
  readonly image: ImageItem | undefined;
  readonly panes: readonly ShownPane[];
  readonly runs: readonly RunSummary[];
  readonly onFocus: (key: string) => void;
}

export function CompareStage({ image, panes, runs, onFocus }: CompareStageProps) {
  const layout = useCompare((state) => state.layout);
  const splitAt = useCompare((state) => state.splitAt);
  const blink = useBlink();
  const background = useStageBackground();
  const photo = usePhoto(image === undefined ? null : routes.photo(image.id));
  const known = photo.photo ?? image?.size ?? panes.find(({ whole }) => whole?.size != null)?.whole?.size ?? null;
  // As many hooks as there may be panes.
  const contents = [
    usePaneContent(panes, 0, image, photo, known),
    usePaneContent(panes, 1, image, photo, known),
    usePaneContent(panes, 2, image, photo, known),
    usePaneContent(panes, 3, image, photo, known),
  ];
  const placed = panes.flatMap((shown, place) => {
    const content = contents[place];
    return content === undefined ? [] : [{ shown, place, content }];
  });
  const chosen = panes.map(({ pane }) => pane);
  const names = paneNames(panes.map(({ resolved }) => resolved?.run ?? null));
  const head = (place: number) => {
    const entry = placed[place];
    if (entry === undefined) return null;
    const { shown, content } = entry;
    return (
      <PaneHead
        place={place}
        name={names[place] ?? ""}
        shown={shown}
        panes={chosen}
        runs={runs}
        isLoading={content.isLoading}
      />
    );
  };
  const inView = layout === "panes" ? placed : placed.slice(0, 1);
  const { ref: measure, width, height } = useElementSize();
  const { columns, rows } = arrangePanes(
    inView.length,
    known === null ? 2 : known.width / known.height,
    height === 0 ? 1 : width / height,
  );
  const shownPlace = layout === "blink" ? blinkPlace(blink, panes.length) : 0;
  /** What is drawn in place of what was chosen: blinking goes through the panes. */
  const drawnPlace = (place: number): number => {
    if (layout === "blink") return shownPlace;
    // Held down, the blink key shows the first pane everywhere, and the second in the first's place.
    return layout === "panes" && blink.isHeld ? (place === 0 ? 1 : 0) : place;
  };
  const right = layout === "split" ? placed[1] : undefined;
  const inSight = inView.map(({ place, content }) => placed[drawnPlace(place)]?.content ?? content);
  if (right !== undefined) inSight.push(right.content);
  const visible = inSight.map(({ probed }) => probed);
  return (
    <ViewerStage views={compareViews} background={background} className="compare-stage">
      <div
        ref={measure}
        className="compare-panes"
        style={{ gridTemplate: `repeat(${rows}, minmax(0, 1fr)) / repeat(${columns}, minmax(0, 1fr))` }}
      >
        {inView.map(({ shown, place, content }) => {
          const { shown: drawnShown, content: drawn } = placed[drawnPlace(place)] ?? { shown, content };
          const { source } = drawnShown.pane;
          return (
            <div key={shown.pane.key} className="compare-pane">
              <DrawnPane
                id={shown.pane.key}
                drawn={drawn}
                right={right?.content ?? null}
                splitAt={splitAt}
                label={`Pane ${place + 1}: ${SOURCE_TITLES[shown.pane.source]}`}
                onFocus={() => onFocus(shown.pane.key)}
                onPick={(pixel) => image !== undefined && togglePin(image.id, pixel)}
              />
              <PinMarks pane={shown.pane.key} imageId={image?.id ?? null} views={compareViews} />
              {layout === "split" ? (
                <>
                  <div className="compare-half">{head(0)}</div>
                  <div className="compare-half compare-half-right">{head(1)}</div>
                  <SplitHandle
                    at={splitAt}
                    onMove={(at) => useCompare.setState({ splitAt: at })}
                    label="Divider between panes 1 and 2"
                    className="compare-divider"
                  />
                </>
              ) : (
                head(layout === "blink" ? shownPlace : place)
              )}
              {layout !== "split" && drawn.missing === null && (
                <PaneLegend
                  picture={drawn.picture}
                  heat={source === "confidence" || source === "entropy" ? source : null}
                  modelClasses={drawn.modelClasses}
                />
              )}
              <ProbeCard
                pane={shown.pane.key}
                picture={drawn.probed}
                rightPicture={right?.content.probed ?? null}
                visible={visible}
                size={known}
              />
              <PaneMessages
                shown={layout === "blink" ? (placed[shownPlace]?.shown ?? shown) : shown}
                content={drawn}
                image={image}
              />
            </div>
          );
        })}
      </div>
      <PinnedPixels imageId={image?.id ?? null} visible={visible} size={known} />
    </ViewerStage>
  );
}

interface DrawnPaneProps {
  readonly id: string;
  readonly drawn: PaneContentState;
  readonly right: PaneContentState | null;
  readonly splitAt: number;
  readonly label: string;
  readonly onFocus: () => void;
  readonly onPick: (pixel: StagePixel) => void;
}

function DrawnPane({ id, drawn, right, splitAt, label, onFocus, onPick }: DrawnPaneProps) {
  const other = right?.picture ?? null;
  const content = useMemo(
    (): PaneContent => ({
      picture: drawn.picture,
      split: other === null ? null : { picture: other, at: splitAt },
      style: drawn.style,
    }),
    [drawn.picture, drawn.style, other, splitAt],
  );
  return (
    <ViewerPane
      id={id}
      content={content}
      views={compareViews}
      label={label}
      className="compare-view"
      onFocus={onFocus}
      onPoint={pointIn(id)}
      onPick={onPick}
    />
  );
}

interface PaneMessagesProps {
  readonly shown: ShownPane;
  readonly content: PaneContentState;
  readonly image: ImageItem | undefined;
}

function PaneMessages({ shown: { pane, resolved }, content, image }: PaneMessagesProps) {
  const { problem } = content;
  const { checkpointId, config } = pane;
  return (
    <>
      {content.missing !== null && (
        <div className="compare-missing">
          {content.missing}
          {resolved === null && image !== undefined && checkpointId !== null && config !== null && (
            <Button
              size="compact-xs"
              leftSection={<IconPlayerPlay size={13} aria-hidden="true" />}
              onClick={() => void runAgain(image.id, checkpointId, config)}
            >
              Run it here
            </Button>
          )}
        </div>
      )}
      {content.missing === null && resolved?.isSameWay === false && (
        <div className="compare-note">other parameters than chosen</div>
      )}
      {problem !== null && (
        <div className="compare-problem" role="alert">
          <IconAlertTriangle size={16} aria-hidden="true" />
          {problem}
        </div>
      )}
    </>
  );
}
