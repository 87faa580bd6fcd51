// The curve of a training as the database keeps it: hundreds of thousands of steps in blocks of plain numbers.
import type { TrainingCurves } from "../../src-shared/contract/workbench/trainings.ts";

export type CurvePoint = TrainingCurves["steps"][number];

/** 4 KiB a block: a batch of steps rewrites one or two. */
export const STEPS_PER_BLOCK = 256;
/** Loss and learning rate. */
const NUMBERS_PER_STEP = 2;

/** Steps that follow one another, NaN where none has been told. */
export class StepBlock {
  /** Counts from 0. */
  readonly #block: number;
  readonly #numbers: Float64Array<ArrayBuffer>;

  private constructor(block: number, numbers: Float64Array<ArrayBuffer>) {
    this.#block = block;
    this.#numbers = numbers;
  }

  /** @param bytes  as `bytes` gave them; without them the block is empty */
  static from(block: number, bytes?: Uint8Array): StepBlock {
    // A copy: the bytes of a database lie at any address, those of a Float64Array may not.
    if (bytes !== undefined) return new StepBlock(block, new Float64Array(Uint8Array.from(bytes).buffer));
    return new StepBlock(block, new Float64Array(NUMBERS_PER_STEP * STEPS_PER_BLOCK).fill(Number.NaN));
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#numbers.buffer);
  }

  /** @param point  of a step in this block */
  set({ step, loss, learningRate }: CurvePoint): void {
    this.#numbers.set([loss, learningRate], NUMBERS_PER_STEP * (step - 1 - this.#block * STEPS_PER_BLOCK));
  }

  *points(): Generator<CurvePoint> {
    for (let i = 0; i < STEPS_PER_BLOCK; i++) {
      const loss = this.#numbers[NUMBERS_PER_STEP * i] ?? Number.NaN;
      if (Number.isNaN(loss)) continue;
      const learningRate = this.#numbers[NUMBERS_PER_STEP * i + 1] ?? Number.NaN;
      yield { step: this.#block * STEPS_PER_BLOCK + i + 1, loss, learningRate };
    }
  }
}

/**
 * At most `maxPoints` points: each is the mean of so many steps, at the last of them that has been told.
 *
 * @param blocks  in order
 */
export function decimated(
  blocks: readonly StepBlock[],
  maxPoints: number,
): Pick<TrainingCurves, "steps" | "stepsPerPoint"> {
  const told = blocks.flatMap((block) => [...block.points()]);
  const stepsPerPoint = Math.max(1, Math.ceil((told.at(-1)?.step ?? 0) / maxPoints));
  const ofPoint = Map.groupBy(told, ({ step }) => Math.floor((step - 1) / stepsPerPoint));
  return { steps: stepsPerPoint === 1 ? told : [...ofPoint.values()].map(meanOf), stepsPerPoint };
}

function meanOf(points: readonly CurvePoint[]): CurvePoint {
  const mean = (numberOf: (point: CurvePoint) => number): number =>
    points.reduce((sum, point) => sum + numberOf(point), 0) / points.length;
  return {
    step: Math.max(...points.map(({ step }) => step)),
    loss: mean(({ loss }) => loss),
    learningRate: mean(({ learningRate }) => learningRate),
  };
}
