// What computes: runtime, device, threads, and what this machine offers.
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Device, Settings } from "../../../src-shared/contract/workbench/system.ts";
import { NumberField } from "../../components/number-field.tsx";
import { changeSettings } from "../../state/change-settings.ts";
import { queries } from "../../state/queries.ts";
import { sentenceOf } from "../../state/tell.ts";
import { providerChoices, providerName } from "./compute-choices.ts";
import { Line, Section } from "./section.tsx";

const RUNTIMES = [
  { value: "auto", label: "Best that works" },
  { value: "onnx", label: "ONNX Runtime" },
  { value: "tfjs", label: "TensorFlow.js" },
] satisfies { value: Settings["runtime"]; label: string }[];

export function ComputeSection({ settings }: { readonly settings: Settings }) {
  const devices = useQuery(queries.devices());
  const { runtime, provider, threads } = settings;
  return (
    <Section title="Compute">
      <Line name="Runtime" hint="Runs that have started keep theirs">
        <Select
          aria-label="Runtime"
          w={200}
          allowDeselect={false}
          data={RUNTIMES}
          value={runtime}
          onChange={(value) =>
            changeSettings({
              runtime: RUNTIMES.find((entry) => entry.value === value)?.value ?? "auto",
              provider: "auto",
            })
          }
        />
      </Line>
      <Line name="Device">
        <Select
          aria-label="Device"
          w={200}
          allowDeselect={false}
          data={providerChoices(devices.data ?? [], runtime, provider).map((value) => ({
            value,
            label: value === "auto" ? "Best that works" : providerName(value),
          }))}
          value={provider}
          onChange={(value) => changeSettings({ provider: value ?? "auto" })}
        />
      </Line>
      <Line name="Threads" hint="Empty: one a core. The same number of threads gives the same result, bit for bit.">
        <NumberField
          label="Threads"
          isLabelHidden
          min={1}
          max={256}
          step={1}
          placeholder="One a core"
          value={threads}
          onCommit={(value) => changeSettings({ threads: value })}
          onClear={() => changeSettings({ threads: null })}
        />
      </Line>
      <div className="settings-line settings-devices">
        {devices.error !== null && <span className="dimmed">{sentenceOf(devices.error)}</span>}
        {devices.data === undefined && devices.error === null && <div className="skeleton settings-devices-skeleton" />}
        {devices.data !== undefined && <DeviceTable devices={devices.data} />}
      </div>
    </Section>
  );
}

function DeviceTable({ devices }: { readonly devices: readonly Device[] }) {
  return (
    <table className="device-table">
      <thead>
        <tr>
          <th>On this machine</th>
          <th>Device</th>
          <th>Note</th>
        </tr>
      </thead>
      <tbody>
        {devices.map(({ runtime, provider, isAvailable, note }) => (
          <tr key={`${runtime} ${provider}`} data-available={isAvailable || undefined}>
            <td>
              <span className="device-dot" aria-hidden="true" />
              {RUNTIMES.find(({ value }) => value === runtime)?.label ?? runtime}
            </td>
            <td>
              {providerName(provider)}
              <span className="visually-hidden">{isAvailable ? ", available" : ", not available"}</span>
            </td>
            <td className="dimmed">{note}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
