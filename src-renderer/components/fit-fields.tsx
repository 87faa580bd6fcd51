// Whether images are fitted into a box before the network sees them, and how large it is.
import { Switch } from "@mantine/core";
import { type FitConfig, fitConfigSchema } from "../../src-shared/contract/adaptation-config.ts";
import { PARAMETER_META } from "../../src-shared/contract/parameter-meta.ts";
import { NumberField } from "./number-field.tsx";

/** As the schema takes them. */
const SIDE_RANGE = { min: 16, max: 16_384, step: 2 };
/** Of DAFormer's figures on ACDC. */
const FIRST_BOX: readonly [number, number] = [540, 960];

interface FitFieldsProps {
  readonly config: FitConfig;
  /** Of the screen's own grid of fields. */
  readonly gridClass: string;
  readonly onChange: (label: string, change: Partial<FitConfig>) => void;
}

/** Whether the method fits images into boxes at all. */
export function isFitted({ method }: { readonly method: string }): boolean {
  return method === "predict" || method === "tta";
}

export function FitFields({ config, gridClass, onChange }: FitFieldsProps) {
  const [height, width] = config.fit;
  return (
    <>
      <Switch
        label="Fitted into a box"
        title={PARAMETER_META.get(fitConfigSchema.shape.fit)?.description}
        checked={height !== undefined}
        onChange={(event) => onChange("fitted into a box", { fit: event.currentTarget.checked ? [...FIRST_BOX] : [] })}
      />
      {height !== undefined && width !== undefined && (
        <div className={gridClass}>
          <NumberField
            label="Box height"
            {...SIDE_RANGE}
            value={height}
            onCommit={(value) => onChange("box height", { fit: [Math.round(value), width] })}
          />
          <NumberField
            label="Box width"
            {...SIDE_RANGE}
            value={width}
            onCommit={(value) => onChange("box width", { fit: [height, Math.round(value)] })}
          />
        </div>
      )}
    </>
  );
}
