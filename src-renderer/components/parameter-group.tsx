// The fields of the parameters of one group.
import { isUsed, type ParameterField, valueAt } from "../../src-shared/contract/parameter-field.ts";
import { ParameterInput } from "./parameter-input.tsx";
import "./parameter-group.css";

interface Props {
  readonly fields: readonly ParameterField[];
  readonly config: object;
  readonly onChange: (field: ParameterField, value: unknown) => void;
  readonly nameOf?: (choice: string) => string;
}

/** Those that are of no use beside the others' values are left out. */
export function ParameterGroup({ fields, config, onChange, nameOf }: Props) {
  return (
    <div className="parameter-group">
      {fields
        .filter((field) => isUsed(field, config))
        .map((field) => (
          <ParameterInput
            key={field.name}
            field={field}
            value={valueAt(config, field.path)}
            onCommit={(value) => onChange(field, value)}
            {...(nameOf === undefined ? {} : { nameOf })}
          />
        ))}
    </div>
  );
}
