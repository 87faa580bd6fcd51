// Keeps compiled graphs for as long as they are likely to be needed again: their first runs are the slow ones.
import type { Graph } from "../../graph/graph.ts";
import type { Program, Runtime } from "../../runtimes/runtime.ts";

/** Compiled programs by key; when there are too many, the one not used for longest is given up. */
export class ProgramCache {
  readonly #runtime: Runtime;
  readonly #capacity: number;
  readonly #programs = new Map<string, Promise<Program>>();

  constructor(runtime: Runtime, capacity: number) {
    this.#runtime = runtime;
    this.#capacity = capacity;
  }

  /** The program of this key, compiled from the graph on first use. A failed compilation is not kept. */
  async get(key: string, build: () => Graph): Promise<Program> {
    const program = this.#programs.get(key) ?? this.#runtime.compile(build());
    this.#programs.delete(key);
    this.#programs.set(key, program);
    try {
      await this.#makeRoom();
      return await program;
    } catch (error) {
      this.#programs.delete(key);
      throw error;
    }
  }

  async dispose(): Promise<void> {
    const programs = [...this.#programs.values()];
    this.#programs.clear();
    for (const program of programs) await (await program).dispose();
  }

  async #makeRoom(): Promise<void> {
    while (this.#programs.size > this.#capacity) {
      const [oldest] = this.#programs;
      if (oldest === undefined) return;
      this.#programs.delete(oldest[0]);
      await (await oldest[1]).dispose();
    }
  }
}
