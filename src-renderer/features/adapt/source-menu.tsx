// Chooses what a pane shows, and which other result it is compared with.

import { Menu, UnstyledButton } from "@mantine/core";
import { IconCheck, IconChevronDown } from "@tabler/icons-react";
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import { formatShare } from "../../components/format.ts";
import { ErrorBandItems } from "../../panes/error-band-items.tsx";
import { useNavigation } from "../../state/navigation.ts";
import { runDifferences } from "../../state/run-differences.ts";
import { METHOD_TITLES } from "../../state/run-words.ts";
import { BEFORE, type PaneId, type Reference, useAdaptView, withSource } from "./adapt-view.ts";
import { PANE_SOURCES, type PaneContext, type PaneSource, SOURCE_TITLES } from "./pane-sources.ts";

interface Props {
  readonly pane: PaneId;
  readonly source: PaneSource;
  readonly runs: readonly RunSummary[];
  readonly context: PaneContext;
}

export function SourceMenu({ pane, source, runs, context }: Props) {
  const compares = source === "difference" || source === "reference";
  return (
    <Menu position="bottom-start" width={260} offset={4}>
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
        {source === "errors" && <ErrorBandItems />}
        {compares && <ReferenceItems runs={runs} context={context} />}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Everything that the shown prediction can be compared with. */
function ReferenceItems({ runs, context }: Pick<Props, "runs" | "context">) {
  const runId = useNavigation((state) => state.runId);
  const chosen = useAdaptView((state) => state.reference);
  const { shown, hasLabels, modelClasses } = context;
  const others = runs.filter(
    ({ id, status, checkpoint }) => id !== runId && status === "finished" && labelSetOf(checkpoint) === modelClasses,
  );
  const differences = runDifferences(runs);
  const isOwn = chosen.kind === "run" && chosen.runId === runId;
  return (
    <>
      <Menu.Divider />
      <Menu.Label>Compared with</Menu.Label>
      <ReferenceItem label="the unadapted prediction" reference={BEFORE} chosen={chosen} />
      <ReferenceItem label="the checkpoint as stored" reference={{ kind: "stored" }} chosen={chosen} />
      {hasLabels && <ReferenceItem label="the ground truth" reference={{ kind: "truth" }} chosen={chosen} />}
      {isOwn && <ReferenceItem label={`iteration ${chosen.iteration}`} reference={chosen} chosen={chosen} />}
      {typeof shown?.iteration === "number" &&
        shown.iteration > 0 &&
        !(isOwn && chosen.iteration === shown.iteration) && (
          <ReferenceItem
            label={`iteration ${shown.iteration}, shown now`}
            reference={{ kind: "run", runId: shown.runId, iteration: shown.iteration }}
            chosen={chosen}
          />
        )}
      {others.map((run) => (
        <ReferenceItem
          key={run.id}
          label={differences[runs.indexOf(run)] ?? METHOD_TITLES[run.method]}
          detail={run.miouAfter === null ? null : formatShare(run.miouAfter)}
          reference={{ kind: "run", runId: run.id, iteration: null }}
          chosen={chosen}
        />
      ))}
    </>
  );
}

interface ReferenceItemProps {
  readonly label: string;
  readonly detail?: string | null;
  readonly reference: Reference;
  readonly chosen: Reference;
}

function ReferenceItem({ label, detail = null, reference, chosen }: ReferenceItemProps) {
  const isChosen = JSON.stringify(reference) === JSON.stringify(chosen);
  return (
    <Menu.Item
      rightSection={isChosen ? <IconCheck size={14} aria-hidden="true" /> : detail}
      onClick={() => useAdaptView.setState({ reference })}
    >
      <span className="cut">{label}</span>
    </Menu.Item>
  );
}
