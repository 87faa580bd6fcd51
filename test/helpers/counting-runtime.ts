// A runtime that knows how many of its tensors nobody has given back.
import type { Graph } from "../../src-main/engine/graph/graph.ts";
import type { Shape, TensorData } from "../../src-main/engine/graph/types.ts";
import type { DeviceTensor, NamedTensors, Program, Runtime } from "../../src-main/engine/runtimes/runtime.ts";

class CountedTensor implements DeviceTensor {
  readonly inner: DeviceTensor;
  readonly #onGone: () => void;
  #isGone = false;

  constructor(inner: DeviceTensor, onGone: () => void) {
    this.inner = inner;
    this.#onGone = onGone;
  }

  get shape(): Shape {
    return this.inner.shape;
  }

  get dtype() {
    return this.inner.dtype;
  }

  read(): Promise<TensorData> {
    return this.inner.read();
  }

  dispose(): void {
    if (!this.#isGone) this.#onGone();
    this.#isGone = true;
    this.inner.dispose();
  }
}

export class CountingRuntime implements Runtime {
  readonly #inner: Runtime;
  /** Uploaded or computed, and not disposed of. */
  alive = 0;

  constructor(inner: Runtime) {
    this.#inner = inner;
  }

  get description() {
    return this.#inner.description;
  }

  upload(data: TensorData, shape: Shape): DeviceTensor {
    return this.#counted(this.#inner.upload(data, shape));
  }

  async compile(graph: Graph): Promise<Program> {
    const program = await this.#inner.compile(graph);
    return {
      run: async (inputs: NamedTensors) => {
        const outputs = await program.run(new Map([...inputs].map(([name, tensor]) => [name, innerOf(tensor)])));
        return new Map([...outputs].map(([name, tensor]) => [name, this.#counted(tensor)]));
      },
      dispose: () => program.dispose(),
    };
  }

  /** The runtime inside is its owner's. */
  dispose(): Promise<void> {
    return Promise.resolve();
  }

  #counted(tensor: DeviceTensor): DeviceTensor {
    this.alive += 1;
    return new CountedTensor(tensor, () => {
      this.alive -= 1;
    });
  }
}

function innerOf(tensor: DeviceTensor): DeviceTensor {
  return tensor instanceof CountedTensor ? tensor.inner : tensor;
}
