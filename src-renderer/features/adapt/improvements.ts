// What can be tried after a run: another learning rate, more of the image's own statistics, a sweep, an earlier iteration.
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import type { ImageRunConfig, Run, RunConfigForm } from "../../../src-shared/contract/workbench/runs.ts";
import { bestIteration } from "../../../src-shared/verdict/collapse.ts";
import { referenceOf } from "../../../src-shared/verdict/verdict.ts";
import { changeForm } from "../../state/adapt-form.ts";
import { useSweepDialog } from "../../state/sweep-dialog.ts";
import { useAdaptView } from "./adapt-view.ts";
import { scrubbedTo } from "./scrub.ts";
import { startRun } from "./start-run.ts";

/** A third: three such steps cross an order of magnitude and a half, which is as far off as a rate tends to be. */
const RATE_DIVISOR = 3;
/** Coarse enough to see a difference. */
const ALPHA_STEP = 0.1;

/** A third of the learning rate, in two digits; null where there is nothing to lower. */
export function loweredRate(config: ImageRunConfig): number | null {
  if (config.method !== "adapt" || config.baseLr === 0) return null;
  return Number((config.baseLr / RATE_DIVISOR).toPrecision(2));
}

/** @param stored  of the checkpoint; null where its layers differ; @returns null where there is no more to raise, or nothing to start from */
export function raisedAlpha({ alpha }: Pick<ImageRunConfig, "alpha">, stored: number | null): number | null {
  const now = alpha ?? stored;
  return now === null || now >= 1 ? null : Math.min(1, Number((now + ALPHA_STEP).toFixed(2)));
}

export interface Improvement {
  readonly id: "lowerRate" | "raiseAlpha" | "sweep" | "best";
  /** For a button. */
  readonly label: string;
  /** For the list of commands. */
  readonly title: string;
  readonly run: () => void;
}

/** Everything that can be tried with a run that has ended, the likeliest help first. */
export function improvementsOf(run: Run, checkpoint: Checkpoint | undefined): readonly Improvement[] {
  const rate = loweredRate(run.config);
  const alpha = raisedAlpha(run.config, referenceOf(run, "stored")?.alpha ?? checkpoint?.alpha ?? null);
  const usesTruth = run.kept.some(({ scores }) => scores?.miou != null);
  const best = run.kept.length > 1 ? bestIteration(run, usesTruth) : null;
  const improvements: (Improvement | null)[] = [
    best === null || best === run.kept.at(-1)?.iteration
      ? null
      : {
          id: "best",
          label: `Back to iteration ${best}`,
          title: `Go back to iteration ${best}, ${usesTruth ? "the best by the labels" : "the surest before any sign of collapse"}`,
          run: () => useAdaptView.setState({ scrub: scrubbedTo(best, run.kept), isPlaying: false }),
        },
    rate === null
      ? null
      : {
          id: "lowerRate",
          label: `Learning rate ${rate}`,
          title: `Run again with a third of the learning rate, ${rate}`,
          run: () => runAgain(run, "a third of the learning rate", { baseLr: rate }),
        },
    alpha === null
      ? null
      : {
          id: "raiseAlpha",
          label: `Alpha ${alpha}`,
          title: `Run again with more of the image's own statistics, alpha ${alpha}`,
          run: () => runAgain(run, "a higher alpha", { alpha }),
        },
    {
      id: "sweep",
      label: "Sweep around this…",
      title: "Sweep around this run's parameters",
      run: () => useSweepDialog.getState().open(run.image.id, run.checkpoint.id, run.config),
    },
  ];
  return improvements.filter((improvement) => improvement !== null);
}

/** The form shows what runs: it takes the run's parameters with the change, which can be undone. */
function runAgain({ config, image, checkpoint }: Run, label: string, change: Partial<RunConfigForm>): void {
  changeForm(label, (form) => ({ ...form, ...config, ...change }));
  void startRun(image.id, checkpoint.id);
}
