// A teacher whose weights are a moving average of its student's.
import { graphOf } from "../../graph/graph.ts";
import { add } from "../../graph/ops/add.ts";
import { input } from "../../graph/ops/input.ts";
import type { Node } from "../../graph/types.ts";
import type { DeviceTensor, Program, Runtime } from "../../runtimes/runtime.ts";
import type { Network } from "../../training/network-state.ts";
import { scaled } from "../../training/optimizers/scaled.ts";
import { outputOf } from "./segmentation-model.ts";

const STUDENT_PREFIX = "student.";
const TEACHER_PREFIX = "teacher.";
/** What networks learn and what they have seen; neither counts nor alphas, nor slots of optimizers. */
const AVERAGED = /\.(weight|bias|running_mean|running_var)$/;

export interface MovingAverageOptions {
  readonly runtime: Runtime;
  readonly student: Network;
  /** Of the same architecture. */
  readonly teacher: Network;
  /** Which of the architecture's keys are averaged: weights, biases and running statistics unless it is given. */
  readonly isAveraged?: (key: string) => boolean;
}

export class MovingAverage {
  readonly #options: MovingAverageOptions;
  readonly #keys: readonly string[];
  #program: Promise<Program> | undefined;

  constructor(options: MovingAverageOptions) {
    const { student, isAveraged = (key) => AVERAGED.test(key) } = options;
    this.#options = options;
    this.#keys = [...student.architecture.keys.keys()].filter(isAveraged);
  }

  /** The teacher begins: every entry of the architecture, averaged or not, is a copy of the student's. */
  async copy(): Promise<void> {
    const { runtime, student, teacher } = this.#options;
    for (const key of student.architecture.keys.keys()) {
      const original = student.get(key);
      teacher.set(key, runtime.upload(Float32Array.from(await original.read()), original.shape));
    }
  }

  /**
   * θ_T ← m·θ_T + (1 − m)·θ_S for every averaged entry.
   *
   * @param momentum  m, 0..1
   */
  async follow(momentum: number): Promise<void> {
    const { runtime, student, teacher } = this.#options;
    this.#program ??= runtime.compile(this.#graph());
    const program = await this.#program;
    const scalar = (value: number) => runtime.upload(Float32Array.of(value), []);
    // The share is taken in double precision: 1 − 0.999 in single is off by 1e-5 of itself.
    const scalars: [string, DeviceTensor][] = [
      ["momentum", scalar(momentum)],
      ["share", scalar(1 - momentum)],
    ];
    try {
      const outputs = await program.run(
        new Map([
          ...this.#keys.map((key) => [`${STUDENT_PREFIX}${key}`, student.get(key)] as const),
          ...this.#keys.map((key) => [`${TEACHER_PREFIX}${key}`, teacher.get(key)] as const),
          ...scalars,
        ]),
      );
      for (const key of this.#keys) teacher.set(key, outputOf(outputs, key));
    } finally {
      for (const [, tensor] of scalars) tensor.dispose();
    }
  }

  /** The sum of ‖θ_T − θ_S‖ over the averaged entries. */
  async distance(): Promise<number> {
    const { student, teacher } = this.#options;
    let sum = 0;
    for (const key of this.#keys) {
      const [of, from] = [await teacher.get(key).read(), await student.get(key).read()];
      let squares = 0;
      for (let i = 0; i < of.length; i += 1) squares += ((of[i] ?? 0) - (from[i] ?? 0)) ** 2;
      sum += Math.sqrt(squares);
    }
    return sum;
  }

  async dispose(): Promise<void> {
    await (await this.#program)?.dispose();
  }

  #graph() {
    const { student } = this.#options;
    const [momentum, share] = [input("momentum", []), input("share", [])];
    return graphOf(
      Object.fromEntries(
        this.#keys.map((key): [string, Node] => {
          const { shape } = student.get(key);
          const [of, from] = [input(`${TEACHER_PREFIX}${key}`, shape), input(`${STUDENT_PREFIX}${key}`, shape)];
          return [key, add(scaled(momentum, of), scaled(share, from))];
        }),
      ),
    );
  }
}
