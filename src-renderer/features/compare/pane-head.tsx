// The line over a pane: which result, what of it, at which iteration.
import { Loader, Menu, Popover, Slider, UnstyledButton } from "@mantine/core";
import { IconCheck, IconChevronDown, IconX } from "@tabler/icons-react";
import { Fragment } from "react";
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { formatShare } from "../../components/format.ts";
import { ErrorBandItems } from "../../panes/error-band-items.tsx";
import { COMPARE_SOURCES, type ComparePane, type DifferenceFrom } from "../../state/compare.ts";
import { formatDate, runTitle } from "../../state/run-words.ts";
import { differenceFrom, differenceWords } from "./difference-base.ts";
import { endSlide, removePane, setDifferenceFrom, setPaneRun, setPaneSource, slideIteration } from "./pane-edits.ts";
import { needsNoRun, SOURCE_TITLES } from "./pane-layer.ts";
import type { ShownPane } from "./use-shown-panes.ts";

interface PaneHeadProps {
  readonly place: number;
  /** What tells its run from those of the other panes. */
  readonly name: string;
  readonly shown: ShownPane;
  readonly panes: readonly ComparePane[];
  readonly runs: readonly RunSummary[];
  readonly isLoading: boolean;
}

export function PaneHead({ place, name, shown, panes, runs, isLoading }: PaneHeadProps) {
  const { pane, scores } = shown;
  return (
    <div className="compare-head">
      <span className="compare-letter" aria-hidden="true">
        {place + 1}
      </span>
      {!needsNoRun(pane.source) && <RunMenu place={place} name={name} shown={shown} panes={panes} runs={runs} />}
      <SourceMenu place={place} pane={pane} panes={panes} />
      {!needsNoRun(pane.source) && pane.source !== "before" && (
        <IterationButton place={place} shown={shown} panes={panes} />
      )}
      {isLoading && <Loader size={12} aria-label="Loading" />}
      <span className="compare-head-gap" />
      {!needsNoRun(pane.source) && scores?.miou != null && (
        <span className="compare-score" title="Mean IoU against the labels">
          {formatShare(scores.miou)}
        </span>
      )}
      {panes.length > 2 && (
        <UnstyledButton
          className="compare-chip compare-close"
          aria-label={`Take pane ${place + 1} away`}
          onClick={() => removePane(panes, place)}
        >
          <IconX size={13} aria-hidden="true" />
        </UnstyledButton>
      )}
    </div>
  );
}

type MenuProps = Omit<PaneHeadProps, "isLoading">;

function RunMenu({ place, name, shown, panes, runs }: MenuProps) {
  const run = shown.resolved?.run;
  const byCheckpoint = [...Map.groupBy(runs, ({ checkpoint }) => checkpoint.name)];
  return (
    <Menu position="bottom-start" width={320} offset={4}>
      <Menu.Target>
        <UnstyledButton className="compare-chip" aria-label={`${name}: the result of pane ${place + 1}. Change`}>
          <span
            className="compare-chip-text"
            title={run === undefined ? undefined : `${run.checkpoint.name}, ${runTitle(run)}`}
          >
            {name}
          </span>
          <IconChevronDown size={12} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown className="compare-menu">
        {byCheckpoint.map(([name, members]) => (
          <Fragment key={name}>
            <Menu.Label>{name}</Menu.Label>
            {members.map((entry) => (
              <Menu.Item
                key={entry.id}
                onClick={() => setPaneRun(panes, place, entry)}
                rightSection={
                  entry.id === run?.id ? (
                    <IconCheck size={14} aria-hidden="true" />
                  ) : (
                    entry.miouAfter !== null && <span className="dimmed">{formatShare(entry.miouAfter)}</span>
                  )
                }
              >
                <span className="compare-menu-title">{runTitle(entry)}</span>
                <span className="compare-menu-detail">{formatDate(entry.createdAt, Date.now())}</span>
              </Menu.Item>
            ))}
          </Fragment>
        ))}
        {runs.length === 0 && <Menu.Label>This image has no results yet</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}

interface SourceMenuProps extends Pick<MenuProps, "place" | "panes"> {
  readonly pane: ComparePane;
}

/** What the difference is counted from: any other pane, whatever it shows. */
function DifferenceItems({ place, pane, panes }: SourceMenuProps) {
  const chosen = differenceFrom(pane, panes);
  const choices: readonly DifferenceFrom[] = [
    { kind: "before" },
    { kind: "truth" },
    ...panes.filter(({ key }) => key !== pane.key).map(({ key }) => ({ kind: "pane", key }) as const),
  ];
  return (
    <>
      <Menu.Divider />
      <Menu.Label>Difference from</Menu.Label>
      {choices.map((from) => {
        const isChosen = JSON.stringify(from) === JSON.stringify(chosen);
        return (
          <Menu.Item
            key={JSON.stringify(from)}
            rightSection={isChosen && <IconCheck size={14} aria-hidden="true" />}
            onClick={() => setDifferenceFrom(panes, place, from)}
          >
            {differenceWords(from, panes)}
          </Menu.Item>
        );
      })}
    </>
  );
}

function SourceMenu({ place, pane, panes }: SourceMenuProps) {
  const words = differenceWords(differenceFrom(pane, panes), panes);
  const title = pane.source === "difference" ? `Difference from ${words}` : SOURCE_TITLES[pane.source];
  return (
    <Menu position="bottom-start" width={190} offset={4}>
      <Menu.Target>
        <UnstyledButton className="compare-chip" aria-label={`Pane ${place + 1} shows: ${title}. Change`}>
          {title}
          <IconChevronDown size={12} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {COMPARE_SOURCES.map((source) => (
          <Menu.Item
            key={source}
            rightSection={source === pane.source && <IconCheck size={14} aria-hidden="true" />}
            onClick={() => setPaneSource(panes, place, source)}
          >
            {SOURCE_TITLES[source]}
          </Menu.Item>
        ))}
        {pane.source === "errors" && <ErrorBandItems />}
        {pane.source === "difference" && <DifferenceItems place={place} pane={pane} panes={panes} />}
      </Menu.Dropdown>
    </Menu>
  );
}

function IterationButton({ place, shown, panes }: Pick<MenuProps, "place" | "shown" | "panes">) {
  const kept = shown.whole?.kept ?? [];
  if (kept.length < 2 || shown.whole?.method !== "adapt") return null;
  const at = kept.findIndex(({ iteration }) => iteration === shown.stop?.iteration);
  const iteration = kept[at]?.iteration ?? 0;
  return (
    <Popover position="bottom-start" width={240} offset={4} trapFocus>
      <Popover.Target>
        <UnstyledButton
          className="compare-chip"
          aria-label={`it. ${iteration}: the iteration of pane ${place + 1}. Change`}
        >
          it. {iteration}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown px={16} py={12}>
        <div className="compare-iteration">
          <span>Iteration</span>
          <span>{iteration === 0 ? "0, unadapted" : iteration}</span>
        </div>
        <Slider
          data-autofocus
          thumbLabel="Iteration"
          thumbValueText={() => `Iteration ${iteration}`}
          label={null}
          min={0}
          max={kept.length - 1}
          step={1}
          value={Math.max(0, at)}
          onChange={(index) =>
            slideIteration(panes, place, index === kept.length - 1 ? null : (kept[index]?.iteration ?? null))
          }
          onChangeEnd={() => endSlide(place)}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
