// Updates parameter by parameter: one small program for each shape and group, in place of a large one for the whole network.
import { graphOf } from "../graph/graph.ts";
import { input } from "../graph/ops/input.ts";
import type { Shape } from "../graph/types.ts";
import type { DeviceTensor, Program, Runtime } from "../runtimes/runtime.ts";
import type { Network } from "./network-state.ts";
import { type Optimizer, slotName } from "./optimizers/optimizer.ts";
import { groupOf, type ParameterGroup } from "./optimizers/parameter-groups.ts";

/** Names in the programs, whatever the parameter is called. */
const PARAMETER = "parameter";
const GRADIENT = "gradient";

/**
 * For networks of many parameters: with MiT-B5's thousand two thirds of a step's nodes would be AdamW's, and two thirds of the
 * time to compile it. Where passes of a step add up their gradients, the update is apart from them anyway.
 */
export class ParameterUpdates {
  readonly #runtime: Runtime;
  readonly #optimizer: Optimizer;
  readonly #groups: readonly ParameterGroup[];
  readonly #programs = new Map<string, Promise<Program>>();

  /** @param groups  those that the optimizer was made for */
  constructor(runtime: Runtime, optimizer: Optimizer, groups: readonly ParameterGroup[]) {
    this.#runtime = runtime;
    this.#optimizer = optimizer;
    this.#groups = groups;
  }

  /**
   * Each parameter and its slots after the step go to the network.
   *
   * @param gradients  of the optimizer's objective, by key; given away
   * @param scalars    of this step, by name
   */
  async apply(
    network: Network,
    gradients: ReadonlyMap<string, DeviceTensor>,
    scalars: ReadonlyMap<string, number>,
  ): Promise<void> {
    const numbers = [...scalars].map(([name, value]): [string, DeviceTensor] => [
      name,
      this.#runtime.upload(Float32Array.of(value), []),
    ]);
    const left = new Map(gradients);
    try {
      for (const [key, gradient] of gradients) {
        await this.#update(network, key, gradient, numbers);
        gradient.dispose();
        left.delete(key);
      }
    } finally {
      for (const tensor of [...left.values(), ...numbers.map(([, number]) => number)]) tensor.dispose();
    }
  }

  async dispose(): Promise<void> {
    for (const program of this.#programs.values()) await (await program).dispose();
    this.#programs.clear();
  }

  async #update(
    network: Network,
    key: string,
    gradient: DeviceTensor,
    numbers: readonly (readonly [string, DeviceTensor])[],
  ): Promise<void> {
    const { shape } = gradient;
    const slots = this.#optimizer.slots.map((slot) => [slotName(slot, PARAMETER), slotName(slot, key)] as const);
    for (const [, name] of slots) network.setZeros(name, shape);
    const named = [[PARAMETER, key] as const, ...slots];
    const program = await this.#program(key, shape);
    const outputs = await program.run(
      new Map([
        ...numbers,
        [GRADIENT, gradient],
        ...named.map(([inside, name]): [string, DeviceTensor] => [inside, network.get(name)]),
      ]),
    );
    for (const [inside, name] of named) {
      const changed = outputs.get(inside);
      if (changed !== undefined) network.set(name, changed);
    }
  }

  #program(key: string, shape: Shape): Promise<Program> {
    const group = groupOf(this.#groups, key);
    const id = `${group.name} ${shape}`;
    const known = this.#programs.get(id);
    if (known !== undefined) return known;
    const outputs = this.#optimizer.updateIn(group, PARAMETER, input(PARAMETER, shape), input(GRADIENT, shape));
    const program = this.#runtime.compile(graphOf(outputs));
    this.#programs.set(id, program);
    return program;
  }
}
