// One evaluated image in linked panes: prediction, errors, labels, and the compared evaluation's.
import { Loader, Menu, SegmentedControl, Slider, UnstyledButton, useComputedColorScheme } from "@mantine/core";
import { IconAlertTriangle, IconArrowsMaximize, IconCheck, IconChevronDown } from "@tabler/icons-react";
import { useEffect, useMemo } from "react";
import type { EvaluationId, ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import type { Palette } from "../../../src-shared/labels/palettes.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { KeyCombo } from "../../components/key-combo.tsx";
import { setDisplay, useDisplay } from "../../state/display.ts";
import { useImage } from "../../state/entities.ts";
import { useLayerStyle, usePhoto, usePicture } from "../../state/use-picture.ts";
import type { Photo } from "../../viewer/picture.ts";
import type { PaneContent } from "../../viewer/stage.ts";
import { ViewerPane } from "../../viewer/viewer-pane.tsx";
import { ViewerStage } from "../../viewer/viewer-stage.tsx";
import type { Size } from "../../viewer/viewport.ts";
import { evaluateViews, fitPanes, useEvaluateView } from "./evaluate-view.ts";
import { PANE_SOURCES, type PaneContext, type PaneSource, paneRequest, SOURCE_TITLES } from "./pane-request.ts";

/** Darker than the panel in the dark, and not white in the light: neither changes how colours look. */
const BACKGROUNDS: Readonly<Record<"dark" | "light", Palette[number]>> = { dark: [10, 12, 15], light: [226, 230, 235] };
const PANE_COUNTS = [1, 2, 4] as const;

interface ImagePanesProps {
  readonly imageId: ImageId;
  readonly evaluationId: EvaluationId;
  readonly otherId: EvaluationId | null;
  readonly numClasses: number;
}

export function ImagePanes({ imageId, evaluationId, otherId, numClasses }: ImagePanesProps) {
  const scheme = useComputedColorScheme("dark");
  const paneCount = useEvaluateView((view) => view.paneCount);
  const sources = useEvaluateView((view) => view.sources);
  const image = useImage(imageId);
  const { photo, problem } = usePhoto(routes.image(imageId));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another image is looked at from the start
  useEffect(fitPanes, [imageId]);
  const context: PaneContext = { imageId, evaluationId, otherId, numClasses, hasLabels: image?.hasLabels ?? false };
  return (
    <>
      <PaneBar paneCount={paneCount} />
      <ViewerStage views={evaluateViews} background={BACKGROUNDS[scheme]} className="evaluate-stage">
        <div className="evaluate-panes" data-count={paneCount}>
          {sources.slice(0, paneCount).map((source, place) => (
            <Pane
              // biome-ignore lint/suspicious/noArrayIndexKey: a pane is its place; what it shows changes
              key={place}
              place={place}
              source={source}
              context={context}
              photo={photo}
              photoProblem={problem}
              size={photo ?? image?.size ?? null}
            />
          ))}
        </div>
      </ViewerStage>
    </>
  );
}

function PaneBar({ paneCount }: { readonly paneCount: 1 | 2 | 4 }) {
  const opacity = useDisplay((state) => state.opacity);
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
      <IconButton label="Show all of the image" keys={<KeyCombo parts={["F"]} />} onClick={fitPanes}>
        <IconArrowsMaximize size={16} />
      </IconButton>
      <span className="evaluation-bar-gap" />
      <span className="images-opacity">
        <span>Opacity</span>
        <Slider
          thumbLabel="Opacity"
          min={0}
          max={1}
          step={0.01}
          label={null}
          value={opacity}
          onChange={(value) => setDisplay({ opacity: value })}
          thumbValueText={(share) => `${Math.round(share * 100)} %`}
        />
        <span className="images-opacity-value">{Math.round(opacity * 100)} %</span>
      </span>
    </div>
  );
}

interface PaneProps {
  readonly place: number;
  readonly source: PaneSource;
  readonly context: PaneContext;
  readonly photo: Photo | null;
  readonly photoProblem: string | null;
  readonly size: Size | null;
}

function Pane({ place, source, context, photo, photoProblem, size }: PaneProps) {
  const request = paneRequest(source, context);
  const { picture, isLoading, problem } = usePicture(
    photo,
    size,
    request.status === "ready" ? request.layer : { kind: "none" },
  );
  const style = useLayerStyle(context.numClasses);
  const content = useMemo((): PaneContent => ({ picture, split: null, style }), [picture, style]);
  const told = photoProblem ?? problem;
  return (
    <div className="evaluate-pane">
      <ViewerPane
        id={`evaluate-${place}`}
        content={content}
        views={evaluateViews}
        label={`Pane ${place + 1}: ${SOURCE_TITLES[source]}`}
        className="evaluate-view"
      />
      <div className="evaluate-pane-head">
        <SourceMenu place={place} source={source} />
        {isLoading && <Loader size={12} role="status" aria-label="Loading" />}
      </div>
      {request.status === "missing" && <div className="evaluate-pane-note">{request.reason}</div>}
      {told !== null && (
        <div className="evaluate-pane-problem" role="alert">
          <IconAlertTriangle size={16} aria-hidden="true" />
          {told}
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
      </Menu.Dropdown>
    </Menu>
  );
}
