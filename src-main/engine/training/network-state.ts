// The networks of a training on its runtime: parameters, running statistics and optimizer slots by key, which steps replace.
import { AppError, BugError } from "../../../src-shared/contract/errors.ts";
import { elementCount, type StateDict, type StateTensor, toFloat32 } from "../checkpoints/state-dict.ts";
import type { Shape } from "../graph/types.ts";
import type { Architecture } from "../models/architecture.ts";
import type { DeviceTensor, NamedTensors, Runtime } from "../runtimes/runtime.ts";

export interface NetworkSpec {
  readonly architecture: Architecture;
  /**
   * All that it begins with, by key: weights, running statistics, and keys of its own such as an auxiliary head's. Given
   * away: the first step that replaces a tensor frees its memory. Networks may begin with the same tensors.
   */
  readonly start: StateDict;
}

/** Between the name of a network and a key, in the names of a snapshot; the first network's have none. */
const SEPARATOR = "/";

/** One network's tensors. Whoever replaces one gives it away; what was there before is disposed of when the step is over. */
export class Network {
  readonly architecture: Architecture;
  readonly #runtime: Runtime;
  readonly #tensors = new Map<string, DeviceTensor>();
  /** What is no longer as the network begins. */
  readonly #changed = new Set<string>();
  /** What the step under way has replaced: null where there was nothing. */
  readonly #before = new Map<string, { readonly tensor: DeviceTensor | null; readonly wasChanged: boolean }>();

  /** @param taken  memory that other networks began with, which is copied; what this one takes is added */
  constructor(runtime: Runtime, { architecture, start }: NetworkSpec, resumed: StateDict, taken: Set<ArrayBufferLike>) {
    this.#runtime = runtime;
    this.architecture = architecture;
    for (const [key, tensor] of new Map([...start, ...resumed])) {
      const given = toFloat32(tensor);
      const data = taken.has(given.buffer) ? given.slice() : given;
      taken.add(data.buffer);
      this.#tensors.set(key, runtime.upload(data, tensor.shape, !resumed.has(key)));
      if (resumed.has(key)) this.#changed.add(key);
    }
  }

  /** All by key, as they are now. */
  get tensors(): NamedTensors {
    return this.#tensors;
  }

  /** @throws BugError when there is none */
  get(key: string): DeviceTensor {
    const tensor = this.#tensors.get(key);
    if (tensor === undefined) throw new BugError(`the network has no "${key}"`);
    return tensor;
  }

  set(key: string, tensor: DeviceTensor): void {
    const old = this.#tensors.get(key) ?? null;
    if (this.#before.has(key)) old?.dispose();
    else this.#before.set(key, { tensor: old, wasChanged: this.#changed.has(key) });
    this.#tensors.set(key, tensor);
    this.#changed.add(key);
  }

  /** Gives the tensor of this key zeros to begin with, if it is not there. */
  setZeros(key: string, shape: Shape): void {
    if (!this.#tensors.has(key))
      this.set(key, this.#runtime.upload(new Float32Array(elementCount(shape)), shape, true));
  }

  /** Begins as a copy of another tensor, if it is not there. */
  async setCopy(key: string, original: DeviceTensor): Promise<void> {
    if (!this.#tensors.has(key)) this.set(key, this.#runtime.upload(await copyOf(original), original.shape, true));
  }

  /** A copy of all that is not as the network begins. */
  async snapshot(): Promise<StateDict> {
    const copies = new Map<string, StateTensor>();
    for (const [key, tensor] of this.#tensors) {
      if (!this.#changed.has(key)) continue;
      copies.set(key, { dtype: "float32", shape: tensor.shape, data: await copyOf(tensor) });
    }
    return copies;
  }

  /** What has been set since the last time stays. */
  commit(): void {
    for (const { tensor } of this.#before.values()) tensor?.dispose();
    this.#before.clear();
  }

  /** What has been set since the last time is taken back. */
  rollBack(): void {
    for (const [key, { tensor, wasChanged }] of this.#before) {
      this.#tensors.get(key)?.dispose();
      if (!wasChanged) this.#changed.delete(key);
      if (tensor === null) this.#tensors.delete(key);
      else this.#tensors.set(key, tensor);
    }
    this.#before.clear();
  }

  dispose(): void {
    this.commit();
    for (const tensor of this.#tensors.values()) tensor.dispose();
    this.#tensors.clear();
  }
}

export class NetworkState {
  readonly #networks: ReadonlyMap<string, Network>;

  /**
   * @param resumed  a snapshot, to go on from
   * @throws AppError `checkpoint.format` when the snapshot is of other networks
   */
  constructor(runtime: Runtime, specs: Readonly<Record<string, NetworkSpec>>, resumed: StateDict = new Map()) {
    const names = Object.keys(specs);
    const parts = partsOf(resumed, names);
    const taken = new Set<ArrayBufferLike>();
    this.#networks = new Map(
      Object.entries(specs).map(([name, spec]) => [
        name,
        new Network(runtime, spec, parts.get(name) ?? new Map(), taken),
      ]),
    );
  }

  /** @throws BugError when the method has no such network */
  network(name: string): Network {
    const network = this.#networks.get(name);
    if (network === undefined) throw new BugError(`the method has no network "${name}"`);
    return network;
  }

  /** Does it as a whole: what it has set stays, or, when it throws, all is as it was before. */
  async atomically<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      for (const network of this.#networks.values()) network.commit();
      return result;
    } catch (error) {
      for (const network of this.#networks.values()) network.rollBack();
      throw error;
    }
  }

  /** A copy of all that is not as the networks begin: the first one's by key, others' by "name/key". */
  async snapshot(): Promise<StateDict> {
    const all = new Map<string, StateTensor>();
    for (const [index, [name, network]] of [...this.#networks].entries()) {
      const prefix = index === 0 ? "" : `${name}${SEPARATOR}`;
      for (const [key, tensor] of await network.snapshot()) all.set(`${prefix}${key}`, tensor);
    }
    return all;
  }

  dispose(): void {
    for (const network of this.#networks.values()) network.dispose();
  }
}

function partsOf(resumed: StateDict, names: readonly string[]): Map<string, Map<string, StateTensor>> {
  const [first = ""] = names;
  const parts = new Map<string, Map<string, StateTensor>>(names.map((name) => [name, new Map()]));
  for (const [name, tensor] of resumed) {
    const cut = name.indexOf(SEPARATOR);
    const network = cut < 0 ? first : name.slice(0, cut);
    const part = parts.get(network);
    if (part === undefined) {
      throw new AppError(
        "checkpoint.format",
        `The state holds the tensor "${name}" of a network that the method has not; go on with the version that wrote it, or start anew.`,
      );
    }
    part.set(name.slice(cut + 1), tensor);
  }
  return parts;
}

/**
 * Weights as a checkpoint has them, in the order of the architecture's keys.
 *
 * @param weights  by key
 * @param passes   batches that normalisation has seen since `weights` began
 */
export async function checkpointOf(
  { keys }: Pick<Architecture, "keys">,
  weights: NamedTensors,
  passes: number,
): Promise<StateDict> {
  const copies = new Map<string, StateTensor>();
  for (const [key, shape] of keys) {
    const tensor = weights.get(key);
    if (tensor === undefined) throw new BugError(`the trained weights have no "${key}"`);
    const data = await copyOf(tensor);
    const isCount = key.endsWith(".num_batches_tracked");
    const counted = (): StateTensor => ({
      dtype: "int64",
      shape,
      data: BigInt64Array.of(BigInt((data[0] ?? 0) + passes)),
    });
    copies.set(key, isCount ? counted() : { dtype: "float32", shape, data });
  }
  return copies;
}

async function copyOf(tensor: DeviceTensor): Promise<Float32Array> {
  return Float32Array.from(await tensor.read());
}
