// The verdict on a run and its words: with labels, without, and where it went badly.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReferencePrediction } from "../../../src-shared/contract/workbench/runs.ts";
import { scoredVerdict, toneOf, verdictOf, wentBadly } from "../../../src-shared/verdict/verdict.ts";
import { verdictWords } from "../../../src-shared/verdict/verdict-words.ts";
import { type KeptLook, runThat, someScores } from "./judged-runs.ts";

const NAMES = ["road", "sky", "person", "car"];
const LOOK: KeptLook = { classPixels: [400, 300, 200, 100], saturated: 0.4, meanEntropy: 0.3 };

type Judged = ReturnType<typeof runThat>;

function withStored(run: Judged, iou: readonly (number | null)[], hasPlanes = true): Judged {
  const stored: ReferencePrediction = {
    kind: "stored",
    alpha: 0.1,
    hasPlanes,
    scores: someScores(iou),
    meanConfidence: 0.5,
    meanEntropy: 0.5,
    figures: null,
  };
  return { ...run, references: [stored] };
}

function verdictAt(run: Judged, iteration: number) {
  const verdict = verdictOf(run, iteration);
  if (verdict === null) throw new Error("there is no verdict");
  return verdict;
}

describe("a verdict by the labels", () => {
  const run = withStored(
    runThat({ looks: [LOOK, LOOK], scores: [someScores([0.5, 0.4, 0.3, null]), someScores([0.6, 0.5, 0.25, null])] }),
    [0.45, 0.39, 0.3, null],
  );

  it("measures from the stored checkpoint, with alpha's share and adaptation's apart", () => {
    const verdict = verdictAt(run, 1);
    expect(verdict).toMatchObject({ kind: "scored", outcome: "better", from: expect.closeTo(0.38, 9), to: 0.45 });
    if (verdict.kind !== "scored") return;
    expect(verdict.alphaShare).toBeCloseTo(0.02, 9);
    expect(verdict.methodShare).toBeCloseTo(0.05, 9);
    expect(verdictWords(verdict, "adapt", NAMES)).toEqual({
      title: "Better by 7.0 points of mean IoU",
      details: [
        "38.0 % as the checkpoint is stored, 45.0 % now: alpha +2.0, adaptation +5.0.",
        "Most gained: road +15.0, sky +11.0; most lost: person −5.0.",
      ],
      note: null,
      alarm: [],
    });
  });

  it("measures from iteration 0 where the checkpoint was not predicted as it is stored", () => {
    expect(verdictAt({ ...run, references: [] }, 1)).toMatchObject({ alphaShare: 0, from: expect.closeTo(0.4, 9) });
  });

  it("is about the alpha alone at iteration 0, and nothing where that is the checkpoint's own", () => {
    expect(verdictAt(run, 0)).toMatchObject({ kind: "scored", methodShare: 0 });
    expect(verdictOf(withStored(run, [0.5, 0.4, 0.3, null], false), 0)).toBeNull();
    expect(verdictOf(run, 7)).toBeNull();
  });

  it("says where the classes in the labels alone tell another story", () => {
    const scores = [someScores([0.5, 0.5], 2), someScores([0.5, 0.5, 0], 2)];
    const verdict = verdictAt(runThat({ looks: [LOOK, LOOK], scores }), 1);
    expect(verdict).toMatchObject({ outcome: "worse" });
    expect(verdictWords(verdict, "adapt", NAMES)).toMatchObject({
      details: ["50.0 % as the checkpoint is stored, 33.3 % now."],
      note: "Over the classes in the labels alone +0.0: the mean also counts classes that are only predicted.",
    });
  });

  it("is danger only where it did real harm", () => {
    const tone = (miou: readonly number[], losses: readonly number[] = []) =>
      toneOf(verdictAt(runThat({ looks: [LOOK, LOOK], miou, losses }), 1));
    expect(tone([0.4, 0.45])).toBe("good");
    expect(tone([0.4, 0.403])).toBe("neutral");
    expect(tone([0.4, 0.39])).toBe("warning");
    expect(tone([0.4, 0.37])).toBe("danger");
    expect(tone([0.4, 0.45], [1, 5])).toBe("warning");
    expect(tone([0.4, 0.39], [1, 5])).toBe("danger");
  });

  it("adds up, and is worse one way exactly where it is better the other way round", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const scores = fc.array(share, { minLength: 3, maxLength: 3 }).map((iou) => someScores(iou));
    fc.assert(
      fc.property(scores, scores, scores, (stored, unadapted, after) => {
        const there = scoredVerdict(stored, unadapted, after);
        const back = scoredVerdict(after, unadapted, stored);
        if (there === null || back === null) throw new Error("there is no verdict");
        expect(there.alphaShare + there.methodShare).toBeCloseTo(there.to - there.from, 9);
        expect(there.outcome === "better").toBe(back.outcome === "worse");
        expect(there.outcome === "equal").toBe(back.outcome === "equal");
        for (const { change } of there.gained) expect(change).toBeGreaterThan(0);
        for (const { change } of there.lost) expect(change).toBeLessThan(0);
      }),
    );
  });
});

describe("a verdict without labels", () => {
  const after = { ...LOOK, classPixels: [500, 300, 110, 90], meanEntropy: 0.2, changed: 0.12, supported: 0.75 };

  it("says what changed and what speaks for it, and claims nothing", () => {
    const verdict = verdictAt(runThat({ looks: [LOOK, after], agreement: 0.864 }), 1);
    expect(toneOf(verdict)).toBe("neutral");
    expect(verdictWords(verdict, "adapt", NAMES)).toEqual({
      title: "12.0 % of the pixels changed",
      details: [
        "All views together see 75 % of these changes, too; each view agrees with them on 86 % of the image.",
        "Grew: road +10.0; shrank: person −9.0, car −1.0 points of the image.",
        "Entropy 30.0 % → 20.0 %. Whether it is better, only labels can tell.",
      ],
      note: null,
      alarm: [],
    });
  });

  it("does not make much of a change of nothing", () => {
    const still = { ...LOOK, changed: 0.001, supported: 0.5 };
    const { title, details } = verdictWords(verdictAt(runThat({ looks: [LOOK, still] }), 1), "adapt", NAMES);
    expect(title).toBe("Hardly anything changed");
    expect(details).toHaveLength(1);
  });

  it("raises the alarm with its reasons and what to do", () => {
    const collapsed = { ...after, classPixels: [1000, 0, 0, 0], saturated: 0.99 };
    const run = runThat({ looks: [LOOK, collapsed, collapsed], losses: [0.5, 1], agreement: 0.8 });
    const verdict = verdictAt(run, 2);
    expect(toneOf(verdict)).toBe("danger");
    expect(wentBadly(verdict)).toBe(true);
    const { title, alarm, details } = verdictWords(verdict, "adapt", NAMES);
    expect(details[0]).toBe("12.0 % of the pixels changed.");
    expect(title).toBe("Collapsed at iteration 1");
    expect(alarm).toEqual([
      "The loss rose from 0.50 to 1.0, with the same pseudo-labels.",
      "3 of 4 classes are gone: sky, person, car.",
      "Road has taken over: 40 % of the image before, 100 % now.",
      "Hardly a pixel is in doubt any more: 99 % are more than 99 % sure, 40 % before.",
      "Lower the learning rate, or go back to an iteration before it.",
    ]);
  });
});
