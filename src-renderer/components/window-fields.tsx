// Whether prediction slides a window over the image, how large it is, and how far neighbours overlap.
import { Switch } from "@mantine/core";
import type { WindowConfig } from "../../src-shared/contract/adaptation-config.ts";
import { numberFieldOf, parameterMeta } from "../../src-shared/contract/parameters.ts";
import { NumberField } from "./number-field.tsx";

/** As the schema takes them. */
const SIDE_RANGE = { min: 16, max: 16_384, step: 64 };
const FIRST_WINDOW: readonly [number, number] = [512, 1024];

interface WindowFieldsProps {
  readonly config: WindowConfig;
  /** Of the screen's own grid of fields. */
  readonly gridClass: string;
  readonly onChange: (label: string, change: Partial<WindowConfig>) => void;
}

export function WindowFields({ config, gridClass, onChange }: WindowFieldsProps) {
  const [height, width] = config.window;
  const overlap = numberFieldOf("overlap");
  return (
    <>
      <Switch
        label="Sliding window"
        title={parameterMeta("window").description}
        checked={height !== undefined}
        onChange={(event) =>
          onChange("sliding window", event.currentTarget.checked ? withWindow(config, FIRST_WINDOW) : { window: [] })
        }
      />
      {height !== undefined && width !== undefined && (
        <div className={gridClass}>
          <NumberField
            label="Window height"
            {...SIDE_RANGE}
            value={height}
            onCommit={(value) => onChange("window height", withWindow(config, [Math.round(value), width]))}
          />
          <NumberField
            label="Window width"
            {...SIDE_RANGE}
            value={width}
            onCommit={(value) => onChange("window width", withWindow(config, [height, Math.round(value)]))}
          />
          <NumberField
            {...overlap}
            max={Math.min(height, width) - 1}
            value={config.overlap}
            onCommit={(value) => onChange("overlap", { overlap: Math.round(value) })}
          />
        </div>
      )}
    </>
  );
}

/** With an overlap that lets the window move on. */
function withWindow({ overlap }: WindowConfig, window: readonly [number, number]): WindowConfig {
  const shorter = Math.min(...window);
  return { window: [...window], overlap: overlap < shorter ? overlap : Math.floor(shorter / 2) };
}
