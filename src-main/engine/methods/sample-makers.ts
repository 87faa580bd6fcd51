// What each method's streams make of an image: all of a method that a reading thread needs.
import { BugError } from "../../../src-shared/contract/errors.ts";
import type { TrainingMethodName } from "../../../src-shared/contract/training/training-config.ts";
import type { SampleMaker } from "../training/samples/sample.ts";
import { crotsSampleMaker } from "./crots/sample-maker.ts";
import { baselineSampleMaker, consistencySampleMaker } from "./da-sac/sample-maker.ts";
import { entropyBalancingSampleMaker } from "./entropy-balancing/sample-maker.ts";
import { sourceSampleMaker } from "./source-training/source-samples.ts";

/** A method without one does not compile. */
const SAMPLE_MAKERS: Readonly<Record<TrainingMethodName, (settings: unknown) => SampleMaker>> = {
  "source-training": sourceSampleMaker,
  "da-sac-baseline": baselineSampleMaker,
  "da-sac": consistencySampleMaker,
  daformer: entropyBalancingSampleMaker,
  "entropy-balancing": entropyBalancingSampleMaker,
  "crots-baseline": crotsSampleMaker,
  crots: crotsSampleMaker,
};

/** @param settings  of a stream, as the method's `samples` gave them */
export function sampleMakerOf(method: string, settings: unknown): SampleMaker {
  if (!Object.hasOwn(SAMPLE_MAKERS, method)) throw new BugError(`no sample maker of "${method}"`);
  return SAMPLE_MAKERS[method as TrainingMethodName](settings);
}
