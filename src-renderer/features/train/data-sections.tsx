// What is trained on, and by what the best epoch is chosen.
import { Select } from "@mantine/core";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import type { TrainingData } from "../../../src-shared/contract/workbench/trainings.ts";
import { FormSection } from "../../components/form-section.tsx";
import { countOf, formatCount } from "../../components/format.ts";
import { NumberField } from "../../components/number-field.tsx";
import { askForDataset } from "../../state/opening.ts";
import { TrainingParameters } from "./parameter-sections.tsx";
import { changeForm, useTrainingForm } from "./training-form.ts";
import { firstValidation } from "./training-words.ts";
import "../../components/link-button.css";

const SAMPLE = "sample";
const NONE = "none";

interface DataFieldsProps {
  readonly label: string;
  readonly data: TrainingData | null;
  readonly datasets: readonly Dataset[];
  readonly onChange: (data: TrainingData | null) => void;
  readonly isOptional?: boolean;
}

/** Where labelled images come from: the generator with a number of scenes, or a dataset with a split. */
function DataFields({ label, data, datasets, onChange, isOptional = false }: DataFieldsProps) {
  const dataset = data?.kind === "dataset" ? datasets.find(({ id }) => id === data.datasetId) : undefined;
  const choose = (value: string | null) => {
    if (value === NONE) onChange(null);
    else if (value === SAMPLE) onChange({ kind: "sample", count: isOptional ? 20 : 400 });
    else {
      const chosen = datasets.find(({ id }) => id === value);
      const usual = chosen?.splits.find(({ name }) => name === (isOptional ? "val" : "train"))?.name ?? null;
      if (chosen !== undefined) onChange({ kind: "dataset", datasetId: chosen.id, split: usual });
    }
  };
  return (
    <div className="form-section-pair">
      <Select
        label={label}
        allowDeselect={false}
        value={data === null ? NONE : data.kind === "sample" ? SAMPLE : data.datasetId}
        data={[
          ...(isOptional ? [{ value: NONE, label: "none: the last epoch is the result" }] : []),
          { value: SAMPLE, label: "Scenes of the built-in generator, on a clear day" },
          ...datasets.map(({ id, name, labelledCount }) => ({
            value: id,
            label: `${name}, ${countOf(labelledCount, "labelled image")}`,
            disabled: labelledCount === 0,
          })),
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
          onCommit={(count) => onChange({ kind: "sample", count: Math.round(count) })}
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

export function DataSection({ datasets }: { readonly datasets: readonly Dataset[] }) {
  const data = useTrainingForm((state) => state.data);
  return (
    <FormSection
      title="Data"
      action={
        <button type="button" className="link-button" onClick={() => void askForDataset()}>
          open…
        </button>
      }
    >
      <DataFields
        label="Train on"
        data={data}
        datasets={datasets}
        onChange={(next) => next !== null && changeForm("the data", { data: next })}
      />
    </FormSection>
  );
}

export function ValidationSection({ datasets }: { readonly datasets: readonly Dataset[] }) {
  const validation = useTrainingForm((state) => state.validation);
  const config = useTrainingForm((state) => state.config);
  return (
    <FormSection title="Validation">
      <DataFields
        label="Choose the best epoch by"
        data={validation}
        datasets={datasets}
        isOptional
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
