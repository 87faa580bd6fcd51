// A teacher whose weights are a moving average of its student's.
import { type Graph, graphOf } from "../../graph/graph.ts";
import { add } from "../../graph/ops/add.ts";
import { scalar } from "../../graph/ops/constant.ts";
import { input } from "../../graph/ops/input.ts";
import { mul } from "../../graph/ops/mul.ts";
import { reduceSum } from "../../graph/ops/reduce-sum.ts";
import { sqrt } from "../../graph/ops/sqrt.ts";
import { sub } from "../../graph/ops/sub.ts";
import type { Node } from "../../graph/types.ts";
import type { Architecture } from "../../models/architecture.ts";
import type { DeviceTensor, Runtime } from "../../runtimes/runtime.ts";
import type { Network } from "../../training/network-state.ts";
import { scaled } from "../../training/optimizers/scaled.ts";
import { takeNumber } from "./outputs.ts";
import { StepPrograms } from "./step-programs.ts";

const STUDENT_PREFIX = "student.";
const TEACHER_PREFIX = "teacher.";
const DISTANCE = "distance";
/** What networks learn and what they have seen; neither counts nor alphas, nor slots of optimizers. */
const AVERAGED = /\.(weight|bias|running_mean|running_var)$/;

/** What the network learns: weights and biases. */
export function parameterKeys({ keys }: Pick<Architecture, "keys">): string[] {
  return [...keys.keys()].filter((key) => PARAMETER.test(key));
}

/** The keys that are averaged: weights, biases and running statistics. */
export function averagedKeys({ keys }: Pick<Architecture, "keys">): string[] {
  return [...keys.keys()].filter((key) => AVERAGED.test(key));
}

const PARAMETER = /\.(weight|bias)$/;

export interface MovingAverageOptions {
  readonly runtime: Runtime;
  readonly student: Network;
  /** Of the same architecture. */
  readonly teacher: Network;
  /** What is averaged; weights, biases and running statistics unless it is given. */
  readonly keys?: readonly string[];
}

export class MovingAverage {
  readonly #options: MovingAverageOptions;
  readonly #keys: readonly string[];
  readonly #programs: StepPrograms;

  constructor(options: MovingAverageOptions) {
    this.#options = options;
    this.#keys = options.keys ?? averagedKeys(options.student.architecture);
    this.#programs = new StepPrograms(options.runtime);
  }

  /** The teacher begins: every entry of the architecture, or of the `keys` given, is a copy of the student's. */
  async copy(): Promise<void> {
    const { runtime, student, teacher, keys = student.architecture.keys.keys() } = this.#options;
    for (const key of keys) {
      const original = student.get(key);
      teacher.set(key, runtime.upload(Float32Array.from(await original.read()), original.shape, true));
    }
  }

  /**
   * θ_T ← m·θ_T + (1 − m)·θ_S for every averaged entry.
   *
   * @param momentum  m, 0..1
   */
  async follow(momentum: number): Promise<void> {
    this.#take(await this.#run("follow", momentum));
  }

  /** As `follow`. @returns the sum of ‖θ_T − θ_S‖₂ over the averaged entries after it; a pass more over all of them */
  async followAndMeasure(momentum: number): Promise<number> {
    const outputs = await this.#run("measure", momentum);
    const distance = await takeNumber(outputs, DISTANCE);
    this.#take(outputs);
    return distance;
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
  }

  #run(what: "follow" | "measure", momentum: number): Promise<Map<string, DeviceTensor>> {
    const { student, teacher } = this.#options;
    return this.#programs.run(what, () => ({ graph: this.#graph(what === "measure"), masks: new Map() }), {
      tensors: new Map([
        ...this.#keys.map((key) => [`${STUDENT_PREFIX}${key}`, student.get(key)] as const),
        ...this.#keys.map((key) => [`${TEACHER_PREFIX}${key}`, teacher.get(key)] as const),
      ]),
      planes: {},
      // The share is taken in double precision: 1 − 0.999 in single is off by 1e-5 of itself.
      scalars: new Map([
        ["momentum", momentum],
        ["share", 1 - momentum],
      ]),
    });
  }

  #take(averages: ReadonlyMap<string, DeviceTensor>): void {
    for (const [key, tensor] of averages) this.#options.teacher.set(key, tensor);
  }

  #graph(isMeasured: boolean): Graph {
    const { keys } = this.#options.student.architecture;
    const [momentum, share] = [input("momentum", []), input("share", [])];
    const averages: Record<string, Node> = {};
    let distance: Node = scalar(0);
    for (const key of this.#keys) {
      const shape = keys.get(key) ?? [];
      const [of, from] = [input(`${TEACHER_PREFIX}${key}`, shape), input(`${STUDENT_PREFIX}${key}`, shape)];
      // Two products and a sum, as the originals of these methods round.
      const average = add(scaled(momentum, of), scaled(share, from));
      averages[key] = average;
      distance = add(distance, norm(sub(average, from)));
    }
    return graphOf(isMeasured ? { ...averages, [DISTANCE]: distance } : averages);
  }
}

function norm(x: Node): Node {
  return sqrt(
    reduceSum(
      mul(x, x),
      x.shape.map((_, axis) => axis),
    ),
  );
}
