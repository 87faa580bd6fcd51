// A share from 0 to 1 on a slider, with its name before it and its percentage behind.
import { Slider } from "@mantine/core";
import { formatPercent } from "./format.ts";
import "./share-slider.css";

interface Props {
  readonly label: string;
  /** 0..1 */
  readonly value: number;
  readonly onChange: (value: number) => void;
}

export function ShareSlider({ label, value, onChange }: Props) {
  return (
    <span className="share-slider">
      <span className="share-slider-name">{label}</span>
      <Slider
        thumbLabel={label}
        min={0}
        max={1}
        step={0.01}
        label={null}
        value={value}
        onChange={onChange}
        thumbValueText={formatPercent}
      />
      <span className="share-slider-value">{formatPercent(value)}</span>
    </span>
  );
}
