// Chooses what a pane shows, and which other result it is compared with.
import { Menu, UnstyledButton } from "@mantine/core";
import { IconCheck, IconChevronDown } from "@tabler/icons-react";
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { formatShare } from "../../components/format.ts";
import { useNavigation } from "../../state/navigation.ts";
import { runDifferences } from "../../state/run-differences.ts";
import { METHOD_TITLES } from "../../state/run-words.ts";
import { type AdaptView, type PaneId, useAdaptView, withSource } from "./adapt-view.ts";
import { PANE_SOURCES, type PaneSource, SOURCE_TITLES } from "./pane-sources.ts";

interface Props {
  readonly pane: PaneId;
  readonly source: PaneSource;
  readonly runs: readonly RunSummary[];
  readonly numClasses: number;
}

export function SourceMenu({ pane, source, runs, numClasses }: Props) {
  const runId = useNavigation((state) => state.runId);
  const referenceRunId = useAdaptView((state) => state.referenceRunId);
  const others = runs.filter(
    ({ id, status, checkpoint }) => id !== runId && status === "finished" && checkpoint.numClasses === numClasses,
  );
  const differences = runDifferences(runs);
  const compares = source === "difference" || source === "reference";
  return (
    <Menu position="bottom-start" width={240} offset={4}>
      <Menu.Target>
        <UnstyledButton className="source-button" aria-label={`Shows ${SOURCE_TITLES[source]}. Change`}>
          {SOURCE_TITLES[source]}
          <IconChevronDown size={12} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown className="source-menu">
        {PANE_SOURCES.map((entry) => (
          <Menu.Item
            key={entry}
            rightSection={entry === source && <IconCheck size={14} aria-hidden="true" />}
            onClick={() => useAdaptView.setState((view) => withSource(view, pane, entry))}
          >
            {SOURCE_TITLES[entry]}
          </Menu.Item>
        ))}
        {compares && (
          <>
            <Menu.Divider />
            <Menu.Label>Compared with</Menu.Label>
            <ReferenceItem label="the unadapted prediction" runId={null} chosen={referenceRunId} />
            <ReferenceItem label="the checkpoint as stored" runId="stored" chosen={referenceRunId} />
            {others.map((run) => (
              <ReferenceItem
                key={run.id}
                label={differences[runs.indexOf(run)] ?? METHOD_TITLES[run.method]}
                detail={run.miouAfter === null ? null : formatShare(run.miouAfter)}
                runId={run.id}
                chosen={referenceRunId}
              />
            ))}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

interface ReferenceItemProps {
  readonly label: string;
  readonly detail?: string | null;
  readonly runId: AdaptView["referenceRunId"];
  readonly chosen: AdaptView["referenceRunId"];
}

function ReferenceItem({ label, detail = null, runId, chosen }: ReferenceItemProps) {
  return (
    <Menu.Item
      rightSection={runId === chosen ? <IconCheck size={14} aria-hidden="true" /> : detail}
      onClick={() => useAdaptView.setState({ referenceRunId: runId })}
    >
      <span className="cut">{label}</span>
    </Menu.Item>
  );
}
