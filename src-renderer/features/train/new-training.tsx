// The form of a new training: by which method, what on, which network, how, with the published recipe as defaults.
import { Button, Menu, Select, TextInput } from "@mantine/core";
import { IconChevronDown, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { MODEL, VALIDATION } from "../../../src-shared/contract/training/loop-config.ts";
import { traitsOf } from "../../../src-shared/contract/training/method-traits.ts";
import { TRAINING_METHOD_NAMES } from "../../../src-shared/contract/training/training-config.ts";
import { recipesOf } from "../../../src-shared/contract/training/training-recipes.ts";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import type { StartTraining } from "../../../src-shared/contract/workbench/trainings.ts";
import { EstimateNote } from "../../components/estimate-note.tsx";
import { Facts } from "../../components/facts.tsx";
import { FormSection } from "../../components/form-section.tsx";
import { countOf, formatCount } from "../../components/format.ts";
import { KeyCombo } from "../../components/key-combo.tsx";
import { Notice } from "../../components/notice.tsx";
import { ScreenFrame } from "../../components/screen-frame.tsx";
import { api } from "../../state/api.ts";
import { useCommands } from "../../state/commands.ts";
import { isMac } from "../../state/keys.ts";
import { queries } from "../../state/queries.ts";
import { useSettings } from "../../state/settings.ts";
import { sentenceOf } from "../../state/tell.ts";
import { useEstimate } from "../../state/use-estimate.ts";
import { DataSection, ValidationSection } from "./data-sections.tsx";
import { firstProblem, formProblems } from "./form-problems.ts";
import { stepsOfForm } from "./method-sequence.ts";
import { ModelSection, ParameterSection } from "./parameter-sections.tsx";
import "./new-training.css";
import { SequenceSteps } from "./sequence-steps.tsx";
import { useTrainView } from "./train-view.ts";
import { startTraining } from "./training-actions.ts";
import {
  changedFrom,
  changeForm,
  nearestRecipe,
  parameterGroups,
  quickTrial,
  startRequest,
  stepsOf,
  type TrainingForm,
  useTrainingForm,
  withMethod,
} from "./training-form.ts";
import { trainingName } from "./training-words.ts";
import { useWeightsChecked } from "./use-weights-checked.ts";

export function NewTraining({ canClose }: { readonly canClose: boolean }) {
  const form = useTrainingForm();
  const settings = useSettings();
  const datasets = useQuery(queries.datasets()).data ?? [];
  const checkpoints = useQuery(queries.checkpoints()).data ?? [];
  const request = startRequest(form, settings);
  const problems = useWeightsChecked(formProblems(form, { datasets, checkpoints }), request);
  const problem = firstProblem(problems);
  const start = () => {
    if (problem === null) void startTraining(request);
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
          <Recipes form={form} />
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
          <MethodSection />
          <DataSection datasets={datasets} problems={problems} />
          <ModelSection problem={problems.initial} />
          {[...parameterGroups(form.config).keys()].map((group) => {
            if (group === MODEL) return null;
            if (group === VALIDATION) return <ValidationSection key={group} datasets={datasets} problems={problems} />;
            return <ParameterSection key={group} title={group} />;
          })}
        </div>
        <aside className="new-training-side" aria-label="What is trained">
          <Outlook datasets={datasets} request={problem === null ? request : null} />
          {problem !== null && <Notice level="warning">{problem}</Notice>}
          <TextInput
            label="Name"
            placeholder={trainingName({ name: "", config: form.config })}
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

/** What sets all parameters at once: the trial with its data, the published recipes. */
function Recipes({ form }: { readonly form: TrainingForm }) {
  const trial = quickTrial(form);
  const recipes = recipesOf(form.config.method);
  return (
    <>
      {trial !== null && (
        <Button variant="default" onClick={() => changeForm("a quick trial", trial)}>
          Quick trial
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden="true" />}>
            Recipes
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {recipes.map(({ name, config }) => (
            <Menu.Item
              key={name}
              disabled={changedFrom(config, form.config).length === 0}
              onClick={() => changeForm("a published recipe", { config })}
            >
              {name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function MethodSection() {
  const form = useTrainingForm();
  const { method } = form.config;
  const choose = (value: string | null) => {
    const chosen = TRAINING_METHOD_NAMES.find((name) => name === value);
    if (chosen !== undefined) changeForm("the method", withMethod(form, chosen));
  };
  return (
    <FormSection title="Method">
      <div className="new-training-method">
        <Select
          aria-label="Method"
          allowDeselect={false}
          value={method}
          data={TRAINING_METHOD_NAMES.map((name) => ({ value: name, label: traitsOf({ method: name }).title }))}
          onChange={choose}
        />
        <p className="form-section-note">{traitsOf(form.config).description}</p>
      </div>
      <SequenceSteps steps={stepsOfForm(form)} onChoose={choose} />
    </FormSection>
  );
}

interface OutlookProps {
  readonly datasets: readonly Dataset[];
  /** Null while something is missing or wrong. */
  readonly request: StartTraining | null;
}

function Outlook({ datasets, request }: OutlookProps) {
  const form = useTrainingForm();
  const { config, validation, initialCheckpointId } = form;
  const { cropsPerStep, follows, isSourceFree } = traitsOf(config);
  const steps = stepsOf(form, datasets);
  const crops = cropsPerStep(config);
  const [height, width] = config.cropSize;
  const recipe = nearestRecipe(config);
  const isRecipe = changedFrom(recipe.config, config).length === 0;
  return (
    <div className="training-outlook">
      <p className="training-outlook-steps">
        <strong>{steps === null ? "–" : formatCount(steps.total)}</strong> steps
      </p>
      <Facts
        facts={[
          { name: "An epoch", value: steps === null ? "–" : countOf(steps.perEpoch, "step") },
          {
            name: "A step",
            value:
              crops.target === 0
                ? countOf(crops.source, "crop")
                : `${crops.source === 0 ? "" : `${crops.source} + `}${crops.target} target crops`,
          },
          { name: "A crop", value: `${width} × ${height}` },
          { name: "Parameters", value: isRecipe ? "the published recipe" : "changed from the recipe" },
        ]}
      />
      <Estimate request={request} />
      {initialCheckpointId === null && isRecipe && (
        <p className="form-section-note">
          {isSourceFree && follows === null
            ? "It begins with a checkpoint trained on the source; where that can't be had, with ImageNet weights and a folder of pseudo-labels."
            : follows === null
              ? "The recipe begins with ImageNet weights. From random weights it takes far longer; open them as a checkpoint to begin with them."
              : `The recipe begins with the checkpoint of “${traitsOf({ method: follows }).title}”; choose it under Model.`}
        </p>
      )}
      <p className="form-section-note">
        {validation === null
          ? "Without validation images the last epoch is the result."
          : "The weights with the best mean IoU on the validation images become the checkpoint."}{" "}
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
