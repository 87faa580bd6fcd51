// The result in one line: mean IoU before and after, or how sure the model is where there are no labels.
import type { KeptIteration, Run } from "../../../src-shared/contract/workbench/runs.ts";
import { formatGain, formatShare } from "../../components/format.ts";
import { useAdaptView } from "./adapt-view.ts";
import { shownIteration } from "./scrub.ts";

export function Headline({ run }: { readonly run: Run | null }) {
  const scrub = useAdaptView((state) => state.scrub);
  if (run === null || run.kept.length === 0) return null;
  const at = shownIteration(scrub, run.kept);
  const first = run.kept[0];
  const shown = run.kept.find(({ iteration }) => iteration === at);
  if (first === undefined || shown === undefined) return null;
  const isScored = first.scores?.miou != null && shown.scores?.miou != null;
  return (
    <div className="headline" data-scored={isScored || undefined}>
      {isScored ? <Miou first={first} shown={shown} /> : <Sureness first={first} shown={shown} />}
    </div>
  );
}

interface Props {
  readonly first: KeptIteration;
  readonly shown: KeptIteration;
}

function Miou({ first, shown }: Props) {
  const [before, after] = [first.scores?.miou ?? null, shown.scores?.miou ?? null];
  const gain = before === null || after === null ? null : after - before;
  return (
    <>
      <span className="headline-name">mean IoU</span>
      <Pair before={before} after={after} />
      <span
        className="headline-gain"
        data-sign={gain === null || Math.abs(gain) < 0.0005 ? undefined : gain > 0 ? "up" : "down"}
      >
        {formatGain(gain)}
      </span>
    </>
  );
}

function Sureness({ first, shown }: Props) {
  return (
    <>
      <span className="headline-name">confidence</span>
      <Pair before={first.meanConfidence} after={shown.meanConfidence} />
      <span className="headline-name">entropy</span>
      <Pair before={first.meanEntropy} after={shown.meanEntropy} />
    </>
  );
}

function Pair({ before, after }: { readonly before: number | null; readonly after: number | null }) {
  return (
    <span className="headline-pair">
      <span className="headline-before">{formatShare(before)}</span>
      <span className="headline-arrow" aria-hidden="true">
        →
      </span>
      <strong>{formatShare(after)}</strong>
    </span>
  );
}
