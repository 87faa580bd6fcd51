// A number of the configuration in the training form.
import type { TrainingConfig } from "../../../src-shared/contract/training-config.ts";
import { NumberField } from "../../components/number-field.tsx";
import { changeConfig, useTrainingForm } from "./training-form.ts";

/** Names of the numbers, which all are edited in the same way. */
type NumberKey = {
  [K in keyof TrainingConfig]: TrainingConfig[K] extends number ? K : never;
}[keyof TrainingConfig];

interface NumberProps {
  readonly name: NumberKey;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly description?: string;
}

export function ConfigNumber({ name, label, ...limits }: NumberProps) {
  const value = useTrainingForm((state) => state.config[name]);
  return (
    <NumberField
      label={label}
      value={value}
      {...limits}
      onCommit={(next) => changeConfig(label.toLowerCase(), { [name]: next })}
    />
  );
}
