// The form of a new training: what on, which network, how, with the published recipe as defaults.
import { Button, TextInput } from "@mantine/core";
import { IconPlayerPlayFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import type { StartTraining } from "../../../src-shared/contract/workbench/trainings.ts";
import { EstimateNote } from "../../components/estimate-note.tsx";
import { Facts } from "../../components/facts.tsx";
import { countOf, formatCount } from "../../components/format.ts";
import { KeyCombo } from "../../components/key-combo.tsx";
import { Notice } from "../../components/notice.tsx";
import { ScreenFrame } from "../../components/screen-frame.tsx";
import { api } from "../../state/api.ts";
import { useCommands } from "../../state/commands.ts";
import { isMac } from "../../state/keys.ts";
import { modelName } from "../../state/model-names.ts";
import { queries } from "../../state/queries.ts";
import { useSettings } from "../../state/settings.ts";
import { sentenceOf } from "../../state/tell.ts";
import { useEstimate } from "../../state/use-estimate.ts";
import { DataSection, ValidationSection } from "./data-sections.tsx";
import { ModelSection, ParameterSection } from "./parameter-sections.tsx";
import "./new-training.css";
import { useTrainView } from "./train-view.ts";
import { startTraining } from "./training-actions.ts";
import {
  changedFrom,
  changeForm,
  formProblem,
  imagesOf,
  QUICK_TRIAL,
  RECIPE,
  startRequest,
  stepsOf,
  useTrainingForm,
} from "./training-form.ts";

export function NewTraining({ canClose }: { readonly canClose: boolean }) {
  const form = useTrainingForm();
  const settings = useSettings();
  const datasets = useQuery(queries.datasets()).data ?? [];
  const problem = formProblem(form, datasets);
  const start = () => {
    if (problem === null) void startTraining(startRequest(form, settings));
  };
  const close = () => useTrainView.setState({ isFormOpen: false });
  const group = "Train";
  useCommands([
    {
      id: "train.start",
      title: "Start the training",
      group,
      keys: "mod+enter",
      isEnabled: () => problem === null,
      run: start,
    },
    { id: "train.closeForm", title: "Close the form", group, keys: "escape", isEnabled: () => canClose, run: close },
  ]);
  return (
    <ScreenFrame
      title="New training"
      actions={
        <>
          <Button variant="default" onClick={() => changeForm("a quick trial", QUICK_TRIAL)}>
            Quick trial
          </Button>
          <Button
            variant="default"
            disabled={changedFrom(RECIPE, form.config).length === 0}
            onClick={() => changeForm("the published recipe", { config: RECIPE })}
          >
            Published recipe
          </Button>
          {canClose && (
            <Button variant="default" onClick={close}>
              Close
            </Button>
          )}
        </>
      }
    >
      <div className="new-training">
        <div className="new-training-form">
          <DataSection datasets={datasets} />
          <ModelSection />
          <ParameterSection title="Optimisation" />
          <ParameterSection title="Crops and augmentation" />
          <ValidationSection datasets={datasets} />
          <ParameterSection title="Kept on the way" />
        </div>
        <aside className="new-training-side" aria-label="What is trained">
          <Outlook datasets={datasets} request={problem === null ? startRequest(form, settings) : null} />
          {problem !== null && <Notice level="warning">{problem}</Notice>}
          <TextInput
            label="Name"
            placeholder={modelName(form.config.archType)}
            maxLength={200}
            value={form.name}
            onChange={(event) => useTrainingForm.setState({ name: event.currentTarget.value })}
          />
          <Button
            size="md"
            fullWidth
            disabled={problem !== null}
            leftSection={<IconPlayerPlayFilled size={14} />}
            rightSection={<KeyCombo parts={[isMac(navigator.platform) ? "⌘" : "Ctrl", "Enter"]} />}
            className="new-training-start"
            onClick={start}
          >
            Train
          </Button>
        </aside>
      </div>
    </ScreenFrame>
  );
}

interface OutlookProps {
  readonly datasets: readonly Dataset[];
  /** Null while something is missing or wrong. */
  readonly request: StartTraining | null;
}

function Outlook({ datasets, request }: OutlookProps) {
  const { data, config, validation, initialCheckpointId } = useTrainingForm();
  const images = imagesOf(data, datasets);
  const steps = images === null ? null : stepsOf(images, config);
  const [height, width] = config.cropSize;
  const isRecipe = changedFrom(RECIPE, config).length === 0;
  return (
    <div className="training-outlook">
      <p className="training-outlook-steps">
        <strong>{steps === null ? "–" : formatCount(steps.total)}</strong> steps
      </p>
      <Facts
        facts={[
          { name: "An epoch", value: steps === null ? "–" : countOf(steps.perEpoch, "step") },
          { name: "A step", value: `${countOf(config.batchSize, "crop")} of ${width} × ${height}` },
          { name: "Parameters", value: isRecipe ? "the published recipe" : "changed from the recipe" },
        ]}
      />
      <Estimate request={request} />
      {initialCheckpointId === null && config.archType === "deeplab" && isRecipe && (
        <p className="form-section-note">
          The recipe begins with ImageNet weights. From random weights it takes far longer; open them as a checkpoint to
          begin with them.
        </p>
      )}
      <p className="form-section-note">
        {validation === null
          ? "Without validation images the last epoch is the result."
          : "The epoch and alpha with the best mean IoU on the validation images become the checkpoint."}{" "}
        A loss that is no number, or far above the start, stops the training; the last good checkpoint stays.
      </p>
    </div>
  );
}

/** What it will take, from earlier trainings of the kind or by the arithmetic. */
function Estimate({ request }: Pick<OutlookProps, "request">) {
  const { estimate, error } = useEstimate("training", request, (asked) => api.trainings.estimate.query(asked));
  if (request === null || estimate === null) return null;
  if (error !== null) return <Notice level="warning">{sentenceOf(error)}</Notice>;
  if (estimate === undefined) return <p className="form-section-note">Estimating…</p>;
  return <EstimateNote estimate={estimate} earlier="trainings" less="smaller crops or fewer at once need less" />;
}
