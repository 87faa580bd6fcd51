// What the run has brought, in a sentence, and what can be tried; while it goes on, whether it should be stopped.

import { Button, Menu } from "@mantine/core";
import {
  IconAlertTriangle,
  IconChevronDown,
  IconCircleCheck,
  IconExclamationCircle,
  IconInfoCircle,
} from "@tabler/icons-react";
import { useMemo } from "react";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import { type Tone, toneOf, type Verdict, verdictOf, wentBadly } from "../../../src-shared/verdict/verdict.ts";
import { type VerdictWords, verdictWords } from "../../../src-shared/verdict/verdict-words.ts";
import { formatShare } from "../../components/format.ts";
import { hasEnded } from "../../state/event-to-cache.ts";
import { cancelRun, useStopping } from "../../state/stop-job.ts";
import { useAdaptView } from "./adapt-view.ts";
import { type Improvement, improvementsOf } from "./improvements.ts";
import { shownIteration } from "./scrub.ts";
import "./verdict.css";

const ICONS = {
  good: IconCircleCheck,
  neutral: IconInfoCircle,
  warning: IconAlertTriangle,
  danger: IconExclamationCircle,
} as const satisfies Record<Tone, unknown>;

interface Props {
  readonly run: Run | null;
  readonly checkpoint: Checkpoint | undefined;
}

export function VerdictBar({ run, checkpoint }: Props) {
  const scrub = useAdaptView((state) => state.scrub);
  const at = run === null ? null : shownIteration(scrub, run.kept);
  const verdict = useMemo(() => (run === null || at === null ? null : verdictOf(run, at)), [run, at]);
  if (run === null || at === null) return null;
  const words =
    verdict === null ? unadaptedWords(run) : verdictWords(verdict, run.method, labelSetOf(run.checkpoint).names);
  const tone = verdict === null ? "neutral" : toneOf(verdict);
  const Icon = ICONS[tone];
  return (
    <section className="verdict" data-tone={tone} aria-label="Verdict">
      <Icon size={18} aria-hidden="true" className="verdict-icon" />
      {/* The note is in the figures below. */}
      <p className="verdict-text">
        <strong>{words.title}.</strong> {[...words.alarm, ...words.details].join(" ")}
      </p>
      {hasEnded(run.status) ? (
        <Actions run={run} checkpoint={checkpoint} isBad={verdict !== null && wentBadly(verdict)} />
      ) : (
        <StopButton run={run} verdict={verdict} />
      )}
    </section>
  );
}

/** Iteration 0 has nothing to be compared with but what comes. */
function unadaptedWords({ kept }: Run): VerdictWords {
  const [first] = kept;
  const miou = first?.scores?.miou ?? null;
  const detail =
    miou === null
      ? `Mean confidence ${formatShare(first?.meanConfidence)}, entropy ${formatShare(first?.meanEntropy)}.`
      : `Mean IoU ${formatShare(miou)}.`;
  return { title: "The unadapted prediction", details: [detail], note: null, alarm: [] };
}

/** Only when something goes wrong; a run that goes well has its button at the right. */
function StopButton({ run, verdict }: { readonly run: Run; readonly verdict: Verdict | null }) {
  const isStopping = useStopping(({ ids }) => ids.has(run.id));
  if (verdict?.collapse == null) return null;
  return (
    <Button size="xs" color="red" variant="light" disabled={isStopping} onClick={() => void cancelRun(run.id)}>
      {isStopping ? "Stopping…" : "Stop"}
    </Button>
  );
}

interface ActionsProps {
  readonly run: Run;
  readonly checkpoint: Checkpoint | undefined;
  readonly isBad: boolean;
}

/** Side by side where it went badly, otherwise behind one button. */
function Actions({ run, checkpoint, isBad }: ActionsProps) {
  const improvements = improvementsOf(run, checkpoint);
  if (isBad) {
    return (
      <div className="verdict-actions">
        {improvements.map((improvement) => (
          <Button
            key={improvement.id}
            size="compact-sm"
            variant="default"
            title={improvement.title}
            onClick={improvement.run}
          >
            {improvement.label}
          </Button>
        ))}
      </div>
    );
  }
  return <TryMenu improvements={improvements} />;
}

function TryMenu({ improvements }: { readonly improvements: readonly Improvement[] }) {
  return (
    <Menu position="bottom-end" offset={4}>
      <Menu.Target>
        <Button size="compact-sm" variant="default" rightSection={<IconChevronDown size={12} />}>
          Try
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {improvements.map(({ id, title, run }) => (
          <Menu.Item key={id} onClick={run}>
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
