// What leaves the machine (nothing, unless asked for), where everything is kept, and which version this is.
import { Button, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Device, Settings, SystemInfo } from "../../../src-shared/contract/workbench/system.ts";
import { formatBytes } from "../../components/format.ts";
import { changeSettings } from "../../state/change-settings.ts";
import { queries } from "../../state/queries.ts";
import { queryClient } from "../../state/query-client.ts";
import { tell, tellFailure } from "../../state/tell.ts";
import { NotificationLine } from "./notification-line.tsx";
import { Line, Section } from "./section.tsx";

export function PrivacySection({ settings }: { readonly settings: Settings }) {
  return (
    <Section title="Privacy">
      <Line
        name="Look for updates"
        hint="Asks for the newest version when the desktop program starts. Otherwise no request leaves this machine."
      >
        <Switch
          aria-label="Look for updates"
          checked={settings.checkForUpdates}
          onChange={(event) => changeSettings({ checkForUpdates: event.currentTarget.checked })}
        />
      </Line>
      <NotificationLine />
      <Line name="Keep crash dumps" hint="In the workspace folder, never sent. Needs a restart of the program.">
        <Switch
          aria-label="Keep crash dumps"
          checked={settings.crashDumps}
          onChange={(event) => changeSettings({ crashDumps: event.currentTarget.checked })}
        />
      </Line>
    </Section>
  );
}

/** What helps to understand a fault, as text; it names no image and no path of the user. */
export function diagnosticsOf(info: SystemInfo, devices: readonly Device[], browser: string): string {
  const { version, platform, cores, memoryBytes, engine } = info;
  return [
    `Acclimate ${version}`,
    `${platform}, ${cores} cores, ${formatBytes(memoryBytes)} memory`,
    browser,
    `engine ${engine.status}${"message" in engine ? `: ${engine.message}` : ""}`,
    ...devices.map(
      ({ runtime, provider, isAvailable, note }) =>
        `${runtime} ${provider}: ${isAvailable ? "available" : "not available"}${note === "" ? "" : `, ${note}`}`,
    ),
  ].join("\n");
}

async function copyDiagnostics(): Promise<void> {
  try {
    const info = await queryClient.ensureQueryData(queries.system());
    const devices = await queryClient.ensureQueryData(queries.devices());
    await navigator.clipboard.writeText(diagnosticsOf(info, devices, navigator.userAgent));
    tell("Copied. Look it over before you send it to somebody.");
  } catch (error) {
    tellFailure("Not copied", error);
  }
}

export function AboutSection() {
  const info = useQuery(queries.system()).data;
  return (
    <Section title="Workspace">
      <Line name="Folder" hint={<span className="mono">{info?.workspacePath ?? "…"}</span>} />
      <Line
        name={`Acclimate ${info?.version ?? ""}`}
        hint={
          info === undefined ? "…" : `${info.platform}, ${info.cores} cores, ${formatBytes(info.memoryBytes)} of memory`
        }
      >
        <Button variant="default" onClick={() => void copyDiagnostics()}>
          Copy diagnostics
        </Button>
      </Line>
    </Section>
  );
}
