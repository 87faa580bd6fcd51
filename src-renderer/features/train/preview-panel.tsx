// What the training predicts for one picture, step by step.
import { SegmentedControl, Slider } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconPlayerTrackNext } from "@tabler/icons-react";
import { useEffect, useMemo } from "react";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import type { Training, TrainingCurves } from "../../../src-shared/contract/workbench/trainings.ts";
import { formatCount } from "../../components/format.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { KeyCombo } from "../../components/key-combo.tsx";
import { OpacitySlider } from "../../panes/display-controls.tsx";
import { useStageBackground } from "../../panes/stage-background.ts";
import { useCommands } from "../../state/commands.ts";
import { planes } from "../../state/pixels.ts";
import { useLayerStyle, usePhoto, usePicture } from "../../state/use-picture.ts";
import { FITTED } from "../../viewer/linked-views.ts";
import type { PaneContent } from "../../viewer/stage.ts";
import { ViewerPane } from "../../viewer/viewer-pane.tsx";
import { ViewerStage } from "../../viewer/viewer-stage.tsx";
import { previewAt, previewNames } from "./curve-points.ts";
import { trainViews, useTrainView } from "./train-view.ts";

/** Colours and names are known for two sets of classes; of other numbers the first colours serve. */
const KNOWN_CLASSES = [16, 19];

interface PreviewPanelProps {
  readonly training: Training;
  readonly curves: TrainingCurves | undefined;
}

export function PreviewPanel({ training, curves }: PreviewPanelProps) {
  const chosenStep = useTrainView((view) => view.previewStep);
  const chosenName = useTrainView((view) => view.previewName);
  const names = curves === undefined ? [] : previewNames(curves);
  const shownName = names.includes(chosenName) ? chosenName : names[0];
  const previews = curves?.previews.filter(({ name }) => name === shownName) ?? [];
  const shown = previewAt({ previews }, chosenStep);
  const place = shown === null ? -1 : previews.indexOf(shown);
  const stepTo = (to: number) => {
    const next = previews[Math.min(previews.length - 1, Math.max(0, to))];
    if (next !== undefined) useTrainView.setState({ previewStep: next.step });
  };
  const followNewest = () => useTrainView.setState({ previewStep: null });
  const group = "Train";
  useCommands([
    {
      id: "train.previewBefore",
      title: "Preview before",
      group,
      keys: "comma",
      repeats: true,
      run: () => stepTo(place - 1),
    },
    { id: "train.previewAfter", title: "Preview after", group, keys: ".", repeats: true, run: () => stepTo(place + 1) },
    { id: "train.previewNewest", title: "Newest preview", group, keys: "end", run: followNewest },
  ]);
  // The neighbours of a step are looked at next.
  const around = [previews[place - 1], previews[place + 1]].flatMap((preview) => preview ?? []);
  const aroundKey = around.map(({ step, name }) => `${step} ${name}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says which steps
  useEffect(
    () => planes.prefetch(around.map(({ step, name }) => routes.trainingPreview(training.id, step, name))),
    [training.id, aroundKey],
  );
  return (
    <section className="training-panel">
      <header className="training-panel-head">
        <h2>Sample prediction</h2>
        <OpacitySlider />
      </header>
      {names.length > 1 && (
        <SegmentedControl
          aria-label="What is shown"
          value={shownName ?? ""}
          onChange={(name) => useTrainView.setState({ previewName: name })}
          data={names.map((name) => ({ value: name, label: name.replaceAll("-", " ") }))}
        />
      )}
      {shown === null ? (
        <p className="training-panel-note">
          {training.config.previewStep === 0
            ? "This training keeps none."
            : `One every ${formatCount(training.config.previewStep)} steps.`}
        </p>
      ) : (
        <>
          <Preview training={training} preview={shown} />
          <div className="preview-scrubber">
            <IconButton
              label="Preview before"
              keys={<KeyCombo parts={[","]} />}
              size={24}
              disabled={place <= 0}
              onClick={() => stepTo(place - 1)}
            >
              <IconChevronLeft size={15} />
            </IconButton>
            <Slider
              className="preview-slider"
              thumbLabel="Preview"
              min={0}
              max={Math.max(1, previews.length - 1)}
              label={null}
              disabled={previews.length < 2}
              value={place}
              onChange={stepTo}
              thumbValueText={() => `step ${shown.step}`}
            />
            <IconButton
              label="Preview after"
              keys={<KeyCombo parts={["."]} />}
              size={24}
              disabled={place >= previews.length - 1}
              onClick={() => stepTo(place + 1)}
            >
              <IconChevronRight size={15} />
            </IconButton>
            <IconButton
              label="Newest preview"
              keys={<KeyCombo parts={["End"]} />}
              size={24}
              disabled={chosenStep === null}
              onClick={followNewest}
            >
              <IconPlayerTrackNext size={15} />
            </IconButton>
            <span className="preview-step">
              step <strong>{formatCount(shown.step)}</strong>
            </span>
          </div>
        </>
      )}
    </section>
  );
}

interface PreviewProps {
  readonly training: Training;
  readonly preview: TrainingCurves["previews"][number];
}

function Preview({ training: { id, config }, preview: { step, name, width, height, hasPicture } }: PreviewProps) {
  const background = useStageBackground();
  const photo = usePhoto(hasPicture ? routes.trainingPreviewPicture(id, step, name) : routes.trainingPreviewImage(id));
  const size = useMemo(() => ({ width, height }), [width, height]);
  const { picture, problem } = usePicture(photo, size, {
    kind: "labels",
    labels: routes.trainingPreview(id, step, name),
    confidence: null,
  });
  const style = useLayerStyle(KNOWN_CLASSES.includes(config.numClasses) ? config.numClasses : 19);
  const content = useMemo((): PaneContent => ({ picture, split: null, style }), [picture, style]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another training's picture is looked at from the start
  useEffect(() => trainViews.set(FITTED), [id]);
  return (
    <ViewerStage views={trainViews} background={background} className="preview-stage">
      <ViewerPane
        id="preview"
        content={content}
        views={trainViews}
        label={`Prediction at step ${step}`}
        className="preview-pane"
      />
      {problem !== null && (
        <div className="preview-problem" role="alert">
          {problem}
        </div>
      )}
    </ViewerStage>
  );
}
