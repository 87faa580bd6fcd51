// The iteration scrubber: one stop a kept prediction, for panes, chart and bars alike.
import { Slider } from "@mantine/core";
import {
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipBackFilled,
  IconPlayerSkipForwardFilled,
  IconPlayerTrackNextFilled,
  IconPlayerTrackPrevFilled,
} from "@tabler/icons-react";
import { useEffect } from "react";
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";
import { bestIteration } from "../../../src-shared/verdict/collapse.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { KeyCombo } from "../../components/key-combo.tsx";
import { hasEnded } from "../../state/event-to-cache.ts";
import { useAdaptView } from "./adapt-view.ts";
import { FOLLOW, played, scrubbedTo, shownIteration, stepped } from "./scrub.ts";

/** Slow enough to see what changes, fast enough for 300 iterations in a minute. */
const PLAY_INTERVAL_MS = 200;

export function step(run: Run | null, steps: number): void {
  useAdaptView.setState(({ scrub }) => ({ scrub: stepped(scrub, run?.kept ?? [], steps), isPlaying: false }));
}

export function goToFirst(run: Run | null): void {
  useAdaptView.setState({ scrub: scrubbedTo(0, run?.kept ?? []), isPlaying: false });
}

export function goToNewest(): void {
  useAdaptView.setState({ scrub: FOLLOW, isPlaying: false });
}

export function togglePlay(): void {
  useAdaptView.setState(({ isPlaying }) => ({ isPlaying: !isPlaying }));
}

export function Scrubber({ run }: { readonly run: Run | null }) {
  const scrub = useAdaptView((state) => state.scrub);
  const isPlaying = useAdaptView((state) => state.isPlaying);
  const usesTruth = useAdaptView((state) => state.usesTruth);
  usePlaying(run);
  const kept = run?.kept ?? [];
  const shown = shownIteration(scrub, kept);
  const newest = kept.at(-1)?.iteration ?? 0;
  const isEmpty = kept.length < 2;
  const best = run !== null && kept.length > 1 ? bestIteration(run, usesTruth) : null;
  const isLive = run !== null && !hasEnded(run.status);
  return (
    <div className="scrubber">
      <div className="scrubber-buttons">
        <IconButton
          label="Unadapted prediction"
          keys={<KeyCombo parts={["Home"]} />}
          disabled={isEmpty}
          onClick={() => goToFirst(run)}
        >
          <IconPlayerSkipBackFilled size={14} />
        </IconButton>
        <IconButton
          label="Iteration before"
          keys={<KeyCombo parts={[","]} />}
          disabled={isEmpty}
          onClick={() => step(run, -1)}
        >
          <IconPlayerTrackPrevFilled size={14} />
        </IconButton>
        <IconButton
          label={isPlaying ? "Pause" : "Play"}
          keys={<KeyCombo parts={["Space"]} />}
          disabled={isEmpty}
          onClick={togglePlay}
        >
          {isPlaying ? <IconPlayerPauseFilled size={16} /> : <IconPlayerPlayFilled size={16} />}
        </IconButton>
        <IconButton
          label="Iteration after"
          keys={<KeyCombo parts={["."]} />}
          disabled={isEmpty}
          onClick={() => step(run, 1)}
        >
          <IconPlayerTrackNextFilled size={14} />
        </IconButton>
        <IconButton
          label="Newest prediction"
          keys={<KeyCombo parts={["End"]} />}
          disabled={isEmpty}
          onClick={goToNewest}
        >
          <IconPlayerSkipForwardFilled size={14} />
        </IconButton>
      </div>
      <Slider
        className="scrubber-slider"
        thumbLabel="Iteration"
        min={0}
        max={Math.max(1, newest)}
        restrictToMarks
        label={null}
        disabled={isEmpty}
        value={shown ?? 0}
        marks={kept.map(({ iteration }) => ({ value: iteration }))}
        onChange={(iteration) => useAdaptView.setState({ scrub: scrubbedTo(iteration, kept), isPlaying: false })}
      />
      <div className="scrubber-place">
        {shown === null ? (
          <span className="dimmed">no prediction yet</span>
        ) : shown === 0 ? (
          <>
            <strong>0</strong> <span className="dimmed">unadapted</span>
          </>
        ) : (
          <>
            <strong>{shown}</strong> <span className="dimmed">of {newest}</span>
          </>
        )}
        {isLive && scrub.mode === "follow" && shown !== null && <span className="live-dot">live</span>}
      </div>
      {best !== null && !isEmpty && (
        <button
          type="button"
          className="best-button"
          title={
            usesTruth
              ? "Best mean IoU, by the labels"
              : "Least entropy before any sign of collapse. Found without labels: sure is not right."
          }
          onClick={() => useAdaptView.setState({ scrub: scrubbedTo(best, kept), isPlaying: false })}
        >
          {usesTruth ? "best IoU" : "least entropy"} <strong>{best}</strong>
        </button>
      )}
    </div>
  );
}

function usePlaying(run: Run | null): void {
  const isPlaying = useAdaptView((state) => state.isPlaying);
  const kept = run?.kept;
  useEffect(() => {
    if (!isPlaying || kept === undefined) return;
    const timer = setInterval(
      () => useAdaptView.setState(({ scrub }) => ({ scrub: played(scrub, kept) })),
      PLAY_INTERVAL_MS,
    );
    return () => clearInterval(timer);
  }, [isPlaying, kept]);
}
