// The curves of a training as the database keeps them: hundreds of thousands of steps in blocks of plain numbers.
import type { Metrics } from "../../src-shared/contract/training/training-events.ts";
import type { TrainingCurves } from "../../src-shared/contract/workbench/trainings.ts";

export interface CurvePoint {
  readonly step: number;
  readonly metrics: Metrics;
}

/** 2 KiB a block: a batch of steps rewrites one or two of each metric. */
export const STEPS_PER_BLOCK = 256;

/** A metric of steps that follow one another, NaN where none has been told. */
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
    return new StepBlock(block, new Float64Array(STEPS_PER_BLOCK).fill(Number.NaN));
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#numbers.buffer);
  }

  /** @param step  in this block */
  set(step: number, value: number): void {
    this.#numbers[step - this.#firstStep] = value;
  }

  /** The last step that was told; 0 where none was. */
  get lastStep(): number {
    const last = this.#numbers.findLastIndex((value) => !Number.isNaN(value));
    return last < 0 ? 0 : this.#firstStep + last;
  }

  /** Calls back with every step that was told, in order. */
  forEach(visit: (step: number, value: number) => void): void {
    for (const [i, value] of this.#numbers.entries()) {
      if (!Number.isNaN(value)) visit(this.#firstStep + i, value);
    }
  }

  get #firstStep(): number {
    return this.#block * STEPS_PER_BLOCK + 1;
  }
}

interface Point {
  /** The last step that was told. */
  step: number;
  /** Of each metric, of so many steps. */
  readonly means: Map<string, { mean: number; count: number }>;
}

/**
 * At most `maxPoints` points: each is the mean of so many steps, at the last of them that was told.
 *
 * @param metrics  by name, blocks in order
 */
export function decimated(
  metrics: ReadonlyMap<string, readonly StepBlock[]>,
  maxPoints: number,
): Pick<TrainingCurves, "steps" | "metrics" | "stepsPerPoint"> {
  const lastStep = Math.max(0, ...[...metrics.values()].map((blocks) => blocks.at(-1)?.lastStep ?? 0));
  const stepsPerPoint = Math.max(1, Math.ceil(lastStep / maxPoints));
  const points = new Map<number, Point>();
  for (const [name, blocks] of metrics) {
    for (const block of blocks) {
      block.forEach((step, value) => {
        addTo(points, stepsPerPoint, name, step, value);
      });
    }
  }
  const inOrder = [...points].sort(([a], [b]) => a - b).map(([, point]) => point);
  return {
    steps: inOrder.map(({ step }) => step),
    metrics: Object.fromEntries(
      [...metrics.keys()].map((name) => [name, inOrder.map(({ means }) => means.get(name)?.mean ?? null)]),
    ),
    stepsPerPoint,
  };
}

function addTo(points: Map<number, Point>, stepsPerPoint: number, name: string, step: number, value: number): void {
  const place = Math.floor((step - 1) / stepsPerPoint);
  const point = points.get(place) ?? { step, means: new Map() };
  points.set(place, point);
  point.step = Math.max(point.step, step);
  const { mean, count } = point.means.get(name) ?? { mean: 0, count: 0 };
  point.means.set(name, { mean: mean + (value - mean) / (count + 1), count: count + 1 });
}
