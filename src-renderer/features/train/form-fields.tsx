// What the parts of the training form are made of: a section, and a number of the configuration.
import type { ReactNode } from "react";
import type { TrainingConfig } from "../../../src-shared/contract/training-config.ts";
import { NumberField } from "../../components/number-field.tsx";
import { changeConfig, useTrainingForm } from "./training-form.ts";

interface SectionProps {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

export function FormSection({ title, action, children }: SectionProps) {
  return (
    <section className="train-section">
      <header className="train-section-head">
        <h2>{title}</h2>
        {action}
      </header>
      {children}
    </section>
  );
}

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
