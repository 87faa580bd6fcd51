// The parameters of the next training, under their headings.
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { FormSection } from "../../components/form-section.tsx";
import { ParameterGroup } from "../../components/parameter-group.tsx";
import { modelName } from "../../state/model-names.ts";
import { queries } from "../../state/queries.ts";
import { changeForm, changeParameter, parameterGroups, useTrainingForm } from "./training-form.ts";

/** What a choice of nothing is called. */
const NONE = "none";

/** @param group  as the metadata of the parameters name it */
export function TrainingParameters({ group }: { readonly group: string }) {
  const config = useTrainingForm((state) => state.config);
  return (
    <ParameterGroup
      fields={parameterGroups(config).get(group) ?? []}
      config={config}
      onChange={changeParameter}
      nameOf={modelName}
    />
  );
}

export function ParameterSection({ title }: { readonly title: string }) {
  return (
    <FormSection title={title}>
      <TrainingParameters group={title} />
    </FormSection>
  );
}

/** @param problem  of the weights to begin with */
export function ModelSection({ problem }: { readonly problem: string | undefined }) {
  const initial = useTrainingForm((state) => state.initialCheckpointId);
  const checkpoints = useQuery(queries.checkpoints()).data ?? [];
  return (
    <FormSection title="Model">
      <TrainingParameters group="Model" />
      <Select
        label="Begin with"
        allowDeselect={false}
        error={problem !== undefined && <span role="alert">{problem}</span>}
        value={initial ?? NONE}
        data={[
          { value: NONE, label: "random weights" },
          ...checkpoints.filter(({ isAvailable }) => isAvailable).map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(value) =>
          changeForm("initial weights", {
            initialCheckpointId: checkpoints.find(({ id }) => id === value)?.id ?? null,
          })
        }
      />
    </FormSection>
  );
}
