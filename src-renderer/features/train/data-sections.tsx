// What is trained on, what is adapted to and how it is drawn, and by what the best epoch is chosen.
import { Select, TextInput } from "@mantine/core";
import { SAMPLE_DOMAINS } from "../../../src-shared/contract/sample-domains.ts";
import { COUNTED } from "../../../src-shared/contract/training/da-sac.ts";
import { traitsOf } from "../../../src-shared/contract/training/method-traits.ts";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import { NO_PATCHES, OF_TRAINING, type TrainingData } from "../../../src-shared/contract/workbench/trainings.ts";
import { FormSection } from "../../components/form-section.tsx";
import { countOf, formatCount } from "../../components/format.ts";
import { NumberField } from "../../components/number-field.tsx";
import { askForDataset } from "../../state/opening.ts";
import type { FormProblems } from "./form-problems.ts";
import { TrainingParameters } from "./parameter-sections.tsx";
import { changeForm, TARGET_DOMAINS, useTrainingForm } from "./training-form.ts";
import { firstValidation } from "./training-words.ts";
import "../../components/link-button.css";

const CLEAR = "sample";
const ADVERSE = "adverse-sample";
const NONE = "none";

/** What images are for decides which ones will do, and what is offered first. */
type Use = "source" | "target" | "validation";
const FIRST_COUNT: Readonly<Record<Use, number>> = { source: 400, target: 400, validation: 20 };
const USUAL_SPLIT: Readonly<Record<Use, string>> = { source: "train", target: "train", validation: "val" };

interface DataFieldsProps {
  readonly label: string;
  readonly data: TrainingData | null;
  readonly datasets: readonly Dataset[];
  readonly onChange: (data: TrainingData | null) => void;
  readonly use: Use;
  readonly problem: string | undefined;
}

/** Where images come from: the generator with a number of scenes, or a dataset with a split. */
function DataFields({ label, data, datasets, onChange, use, problem }: DataFieldsProps) {
  const dataset = data?.kind === "dataset" ? datasets.find(({ id }) => id === data.datasetId) : undefined;
  const choose = (value: string | null) => {
    const count = data?.kind === "sample" ? data.count : FIRST_COUNT[use];
    if (value === NONE) onChange(null);
    else if (value === CLEAR) onChange({ kind: "sample", count });
    else if (value === ADVERSE) onChange({ kind: "sample", count, domains: TARGET_DOMAINS });
    else {
      const chosen = datasets.find(({ id }) => id === value);
      const usual = chosen?.splits.find(({ name }) => name === USUAL_SPLIT[use])?.name ?? null;
      if (chosen !== undefined) onChange({ kind: "dataset", datasetId: chosen.id, split: usual });
    }
  };
  return (
    <div className="form-section-pair">
      <Select
        label={label}
        allowDeselect={false}
        error={problem !== undefined && <span role="alert">{problem}</span>}
        value={choiceOf(data)}
        data={[
          ...(use === "validation" ? [{ value: NONE, label: "none: the last epoch is the result" }] : []),
          { value: CLEAR, label: "Built-in scenes on a clear day" },
          { value: ADVERSE, label: `Built-in scenes in ${TARGET_DOMAINS.join(", ")}` },
          ...datasets.map(({ id, name, imageCount, labelledCount }) => {
            const isFit = (use === "target" ? imageCount : labelledCount) > 0;
            const counted = use === "target" ? countOf(imageCount, "image") : countOf(labelledCount, "labelled image");
            return { value: id, label: `${name}, ${counted}`, disabled: !isFit };
          }),
        ]}
        onChange={choose}
      />
      {data?.kind === "sample" && (
        <NumberField
          label="Scenes"
          value={data.count}
          min={1}
          max={100_000}
          step={100}
          onCommit={(count) => onChange({ ...data, count: Math.round(count) })}
        />
      )}
      {data?.kind === "dataset" && dataset !== undefined && (
        <Select
          label="Split"
          allowDeselect={false}
          disabled={dataset.splits.length === 0}
          value={data.split ?? ""}
          data={[
            { value: "", label: "All" },
            ...dataset.splits.map(({ name, count }) => ({ value: name, label: `${name}, ${formatCount(count)}` })),
          ]}
          onChange={(value) => onChange({ ...data, split: value === "" ? null : value })}
        />
      )}
    </div>
  );
}

function choiceOf(data: TrainingData | null): string {
  if (data === null) return NONE;
  if (data.kind === "dataset") return data.datasetId;
  return data.domains === undefined || data.domains.every((domain) => domain === SAMPLE_DOMAINS[0]) ? CLEAR : ADVERSE;
}

interface SectionProps {
  readonly datasets: readonly Dataset[];
  readonly problems: FormProblems;
}

export function DataSection({ datasets, problems }: SectionProps) {
  const { data, target, config } = useTrainingForm();
  const { hasTarget, hasImportanceWeights, isSourceFree } = traitsOf(config);
  return (
    <FormSection
      title="Data"
      action={
        <button type="button" className="link-button" onClick={() => void askForDataset()}>
          open…
        </button>
      }
    >
      {isSourceFree ? (
        <p className="form-section-note">
          No image of the source is needed, and none is opened: a checkpoint of it, or its predictions of the target,
          will do.
        </p>
      ) : (
        <DataFields
          label={hasTarget ? "Source: learn labels from" : "Train on"}
          data={data}
          datasets={datasets}
          use="source"
          problem={problems.data}
          onChange={(next) => next !== null && changeForm("the data", { data: next })}
        />
      )}
      {hasTarget && (
        <DataFields
          label="Target: adapt to, without labels"
          data={target}
          datasets={datasets}
          use="target"
          problem={problems.target}
          onChange={(next) => next !== null && changeForm("the target", { target: next })}
        />
      )}
      {hasImportanceWeights && <DrawingFields problem={problems.weights} />}
      {isSourceFree && <LabelFolderFields problem={problems.labels} />}
    </FormSection>
  );
}

const ALIKE = "alike";
const FROM_FILE = "file";

/** How often each target image is drawn. */
function DrawingFields({ problem }: { readonly problem: string | undefined }) {
  const weights = useTrainingForm((state) => state.importanceWeights);
  const isFile = weights !== null && weights !== COUNTED;
  const error = problem !== undefined && <span role="alert">{problem}</span>;
  const choose = (value: string | null) =>
    changeForm("the drawing of target images", {
      importanceWeights: value === ALIKE ? null : value === COUNTED ? COUNTED : "",
    });
  return (
    <>
      <div className="form-section-pair">
        <Select
          label="Draw target images"
          allowDeselect={false}
          error={!isFile && error}
          value={weights === null ? ALIKE : isFile ? FROM_FILE : COUNTED}
          data={[
            { value: ALIKE, label: "all alike" },
            { value: COUNTED, label: "by weights, counted before the first step" },
            { value: FROM_FILE, label: "by weights from a file" },
          ]}
          onChange={choose}
        />
        {isFile && (
          <TextInput
            label="File of importance weights"
            placeholder="weights.data or weights.json"
            error={error}
            value={weights}
            onChange={(event) => useTrainingForm.setState({ importanceWeights: event.currentTarget.value })}
          />
        )}
      </div>
      {isFile && (
        <p className="form-section-note">
          An evaluation of the target writes one: open it under Evaluate, and choose Importance weights.
        </p>
      )}
    </>
  );
}

const MADE = "made";
const IN_FOLDER = "folder";
const EARLIER = "earlier";

/** What the target's images are labelled by, or cut for. */
function LabelFolderFields({ problem }: { readonly problem: string | undefined }) {
  const { labelFolder, config } = useTrainingForm();
  const isSecond = config.method === "crots";
  const isEarlier = labelFolder?.startsWith(OF_TRAINING) === true;
  const isFolder = labelFolder !== null && labelFolder !== NO_PATCHES && !isEarlier;
  const error = problem !== undefined && <span role="alert">{problem}</span>;
  const choose = (value: string | null) => {
    if (value === EARLIER) return;
    const chosen = value === MADE ? null : value === NO_PATCHES ? NO_PATCHES : "";
    changeForm(isSecond ? "the hard patches" : "the pseudo-labels", { labelFolder: chosen });
  };
  return (
    <div className="form-section-pair">
      <Select
        label={isSecond ? "Hard patches" : "Pseudo-labels"}
        allowDeselect={false}
        error={!isFolder && error}
        value={labelFolder === null ? MADE : isEarlier ? EARLIER : isFolder ? IN_FOLDER : NO_PATCHES}
        data={[
          ...(isEarlier ? [{ value: EARLIER, label: "those that stage 1 cut" }] : []),
          { value: MADE, label: "by the checkpoint to begin with, before the first step" },
          { value: IN_FOLDER, label: isSecond ? "from a folder" : "from a folder: a model's that can't be had, say" },
          ...(isSecond ? [{ value: NO_PATCHES, label: "none: mixed images alone" }] : []),
        ]}
        onChange={choose}
      />
      {isFolder && (
        <TextInput
          label={isSecond ? "Folder of hard patches" : "Folder of pseudo-labels"}
          placeholder={isSecond ? "with patches/ and labels/ in it" : "one PNG of train ids for each image"}
          error={error}
          value={labelFolder}
          onChange={(event) => useTrainingForm.setState({ labelFolder: event.currentTarget.value })}
        />
      )}
    </div>
  );
}

export function ValidationSection({ datasets, problems }: SectionProps) {
  const { validation, config } = useTrainingForm();
  return (
    <FormSection title="Validation">
      <DataFields
        label="Choose the best epoch by"
        data={validation}
        datasets={datasets}
        use="validation"
        problem={problems.validation}
        onChange={(next) => changeForm("validation", { validation: next })}
      />
      {validation !== null && <TrainingParameters group="Validation" />}
      {validation !== null && firstValidation(config) === null && (
        <p className="form-section-note">
          With {countOf(config.numEpochs, "epoch")} training ends before the first validation.
        </p>
      )}
    </FormSection>
  );
}
