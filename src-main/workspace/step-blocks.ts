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
    this.#numbers.set([loss, learningRate], NUMBERS_PER_STEP * (step - this.#firstStep));
  }

  /** The last step that was told; 0 where none was. */
  get lastStep(): number {
    for (let i = STEPS_PER_BLOCK - 1; i >= 0; i--) {
      if (!Number.isNaN(this.#numbers[NUMBERS_PER_STEP * i])) return this.#firstStep + i;
    }
    return 0;
  }

  /** Calls back with every step that was told, in order. */
  forEach(visit: (step: number, loss: number, learningRate: number) => void): void {
    for (let i = 0; i < STEPS_PER_BLOCK; i++) {
      const loss = this.#numbers[NUMBERS_PER_STEP * i] ?? Number.NaN;
      if (Number.isNaN(loss)) continue;
      visit(this.#firstStep + i, loss, this.#numbers[NUMBERS_PER_STEP * i + 1] ?? Number.NaN);
    }
  }

  get #firstStep(): number {
    return this.#block * STEPS_PER_BLOCK + 1;
  }
}

/**
 * At most `maxPoints` points: each is the mean of so many steps, at the last of them that was told.
 *
 * @param blocks  in order
 */
export function decimated(
  blocks: readonly StepBlock[],
  maxPoints: number,
): Pick<TrainingCurves, "steps" | "stepsPerPoint"> {
  const stepsPerPoint = Math.max(1, Math.ceil((blocks.at(-1)?.lastStep ?? 0) / maxPoints));
  const steps: { step: number; loss: number; learningRate: number }[] = [];
  let place = -1;
  let count = 0;
  for (const block of blocks) {
    block.forEach((step, loss, learningRate) => {
      const before = steps.at(-1);
      const placeOfStep = Math.floor((step - 1) / stepsPerPoint);
      if (before === undefined || placeOfStep !== place) {
        steps.push({ step, loss, learningRate });
        place = placeOfStep;
        count = 1;
        return;
      }
      count += 1;
      before.step = step;
      before.loss += (loss - before.loss) / count;
      before.learningRate += (learningRate - before.learningRate) / count;
    });
  }
  return { steps, stepsPerPoint };
}
