// Keeps compiled graphs for as long as they are likely to be needed again: their first runs are the slow ones.
import { LRUCache } from "lru-cache";
import type { Graph } from "../../graph/graph.ts";
import type { Program, Runtime } from "../../runtimes/runtime.ts";

/** Compiled programs by key; when there are too many, the one not used for longest is given up. */
export class ProgramCache {
  readonly #runtime: Runtime;
  readonly #programs: LRUCache<string, Promise<Program>>;
  readonly #givenUp: Promise<Program>[] = [];

  constructor(runtime: Runtime, capacity: number) {
    this.#runtime = runtime;
    this.#programs = new LRUCache({
      max: capacity,
      dispose: (program, _key, reason) => {
        if (reason === "evict") this.#givenUp.push(program);
      },
    });
  }

  /** The program of this key, compiled from the graph on first use. A failed compilation is not kept. */
  async get(key: string, build: () => Graph): Promise<Program> {
    const program = this.#programs.get(key) ?? this.#runtime.compile(build());
    this.#programs.set(key, program);
    try {
      await this.#disposeGivenUp();
      return await program;
    } catch (error) {
      this.#programs.delete(key);
      throw error;
    }
  }

  async dispose(): Promise<void> {
    const programs = [...this.#programs.values()].toReversed();
    this.#programs.clear();
    for (const program of programs) await (await program).dispose();
  }

  async #disposeGivenUp(): Promise<void> {
    for (const program of this.#givenUp.splice(0)) await (await program).dispose();
  }
}
