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
import { previewAt, previewGroups } from "./curve-points.ts";
import { trainViews, useTrainView } from "./train-view.ts";

/** Colours and names are known for two sets of classes; of other numbers the first colours serve. */

interface PreviewPanelProps {
  readonly training: Training;
  readonly curves: TrainingCurves | undefined;
}

export function PreviewPanel({ training, curves }: PreviewPanelProps) {
  const chosenStep = useTrainView((view) => view.previewStep);
  const chosenTitle = useTrainView((view) => view.previewGroup);
  const groups = curves === undefined ? [] : previewGroups(curves);
  const group = groups.find(({ title }) => title === chosenTitle) ?? groups[0];
  const ofGroup = curves?.previews.filter(({ name }) => group?.names.includes(name) === true) ?? [];
  // A step's pictures are written one after another; the first of the group stands for the step.
  const previews = ofGroup.filter(({ name }) => name === group?.names[0]);
  const shown = previewAt({ previews }, chosenStep);
  const together = ofGroup.filter(({ step }) => step === shown?.step).sort(inOrderOf(group?.names ?? []));
  const place = shown === null ? -1 : previews.indexOf(shown);
  const stepTo = (to: number) => {
    const next = previews[Math.min(previews.length - 1, Math.max(0, to))];
    if (next !== undefined) useTrainView.setState({ previewStep: next.step });
  };
  const followNewest = () => useTrainView.setState({ previewStep: null });
  const commands = "Train";
  useCommands([
    {
      id: "train.previewBefore",
      title: "Preview before",
      group: commands,
      keys: "comma",
      repeats: true,
      run: () => stepTo(place - 1),
    },
    {
      id: "train.previewAfter",
      title: "Preview after",
      group: commands,
      keys: ".",
      repeats: true,
      run: () => stepTo(place + 1),
    },
    { id: "train.previewNewest", title: "Newest preview", group: commands, keys: "end", run: followNewest },
  ]);
  // The neighbours of a step are looked at next.
  const steps = [previews[place - 1]?.step, previews[place + 1]?.step];
  const around = ofGroup.filter(({ step }) => steps.includes(step));
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
      {groups.length > 1 && (
        <SegmentedControl
          aria-label="What is shown"
          size="xs"
          className="preview-groups"
          value={group?.title ?? ""}
          onChange={(title) => useTrainView.setState({ previewGroup: title })}
          data={groups.map(({ title }) => ({ value: title, label: pictureWords(title) }))}
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
          <Previews training={training} previews={together} />
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

type TrainingPreview = TrainingCurves["previews"][number];

function inOrderOf(names: readonly string[]) {
  return (a: TrainingPreview, b: TrainingPreview) => names.indexOf(a.name) - names.indexOf(b.name);
}

interface PreviewsProps {
  readonly training: Training;
  readonly previews: readonly TrainingPreview[];
}

/** Pictures of one step, moved and enlarged together: two below one another, more of them two in a row. */
function Previews({ training, previews }: PreviewsProps) {
  const background = useStageBackground();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another training's picture is looked at from the start
  useEffect(() => trainViews.set(FITTED), [training.id]);
  const isGrid = previews.length > 2;
  return (
    <ViewerStage
      views={trainViews}
      background={background}
      className={`preview-stage${isGrid ? " preview-stage-grid" : ""}`}
    >
      {previews.map((preview) => (
        <Preview
          key={preview.name}
          training={training}
          preview={preview}
          caption={previews.length === 1 ? null : captionOf(preview.name, previews)}
        />
      ))}
    </ViewerStage>
  );
}

/** Beside a teacher the prediction is the student's. */
function captionOf(name: string, beside: readonly TrainingPreview[]): string {
  if (name === "prediction" && beside.some((other) => other.name === "teacher")) return "student";
  const [, number] = /-(\d+)$/.exec(name) ?? [];
  return number === undefined ? pictureWords(name) : `crop ${number}`;
}

/** mixed-image is "mixed image"; pseudo-labels keep their hyphen. */
function pictureWords(name: string): string {
  return name.replaceAll("-", " ").replace(/\bpseudo /, "pseudo-");
}

interface PreviewProps {
  readonly training: Training;
  readonly preview: TrainingPreview;
  readonly caption: string | null;
}

function Preview({ training: { id, config }, preview, caption }: PreviewProps) {
  const { step, name, width, height, hasPicture } = preview;
  const photo = usePhoto(hasPicture ? routes.trainingPreviewPicture(id, step, name) : routes.trainingPreviewImage(id));
  const size = useMemo(() => ({ width, height }), [width, height]);
  const { picture, problem } = usePicture(photo, size, {
    kind: "labels",
    labels: routes.trainingPreview(id, step, name),
    confidence: null,
  });
  const style = useLayerStyle(config.numClasses);
  const content = useMemo((): PaneContent => ({ picture, split: null, style }), [picture, style]);
  return (
    <div className="preview-frame">
      <ViewerPane
        id={`preview ${name}`}
        content={content}
        views={trainViews}
        label={`${caption ?? "prediction"} at step ${step}`}
        className="preview-pane"
      />
      {caption !== null && <span className="preview-caption">{caption}</span>}
      {problem !== null && (
        <div className="preview-problem" role="alert">
          {problem}
        </div>
      )}
    </div>
  );
}
