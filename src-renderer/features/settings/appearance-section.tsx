// Theme, class colours, opacity.
import { SegmentedControl, Slider, Switch } from "@mantine/core";
import type { Settings } from "../../../src-shared/contract/workbench/system.ts";
import { formatShare } from "../../components/format.ts";
import { changeSettings } from "../../state/change-settings.ts";
import { classColors } from "../../state/class-colors.ts";
import { setDisplay, useDisplay } from "../../state/display.ts";
import { Line, Section } from "./section.tsx";

const THEMES = [
  { value: "auto", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] satisfies { value: Settings["theme"]; label: string }[];

const PALETTES = [
  { value: "cityscapes", label: "Cityscapes" },
  { value: "color-blind-safe", label: "Colour-blind safe" },
] satisfies { value: Settings["palette"]; label: string }[];

export function AppearanceSection({ settings }: { readonly settings: Settings }) {
  const { palette, opacity, hasPatterns } = useDisplay();
  return (
    <Section title="Appearance">
      <Line name="Theme">
        <SegmentedControl
          aria-label="Theme"
          data={THEMES}
          value={settings.theme}
          onChange={(theme) => changeSettings({ theme })}
        />
      </Line>
      <Line name="Class colours" hint={<Swatches palette={palette} />}>
        <SegmentedControl
          aria-label="Class colours"
          data={PALETTES}
          value={palette}
          onChange={(chosen) => setDisplay({ palette: chosen })}
        />
      </Line>
      <Line name="Patterns" hint="Lines over the classes' areas, for eyes that can't tell the colours apart">
        <Switch
          aria-label="Patterns"
          checked={hasPatterns}
          onChange={(event) => setDisplay({ hasPatterns: event.currentTarget.checked })}
        />
      </Line>
      <Line name="Opacity of label maps" hint="Over the image, in every view">
        <Slider
          w={200}
          min={0}
          max={1}
          step={0.05}
          label={null}
          value={opacity}
          onChange={(value) => setDisplay({ opacity: value })}
          thumbLabel="Opacity of label maps"
        />
        <span className="settings-value">{formatShare(opacity)}</span>
      </Line>
    </Section>
  );
}

function Swatches({ palette }: { readonly palette: Settings["palette"] }) {
  return (
    <span className="settings-swatches">
      {classColors(19, palette).map(({ trainId, name, color }) => (
        <span key={trainId} style={{ background: color }} title={name} />
      ))}
    </span>
  );
}
