// Which compiled graphs are kept, and which are given up.
import { describe, expect, it } from "vitest";
import { type Graph, graphOf } from "../../../../../src-main/engine/graph/graph.ts";
import { scalar } from "../../../../../src-main/engine/graph/ops/constant.ts";
import { ProgramCache } from "../../../../../src-main/engine/methods/shared/program-cache.ts";
import type { Program, Runtime } from "../../../../../src-main/engine/runtimes/runtime.ts";
import { onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";

const build = (): Graph => graphOf({ one: scalar(1) });

/** A runtime whose programs do nothing but tell that they were made and given up. */
function listeningRuntime(): { runtime: Runtime; log: string[] } {
  const log: string[] = [];
  let count = 0;
  const compile = (): Promise<Program> => {
    const name = `program ${++count}`;
    log.push(`compiled ${name}`);
    return Promise.resolve({
      run: () => Promise.resolve(new Map()),
      dispose: () => Promise.resolve(void log.push(`disposed ${name}`)),
    });
  };
  return { runtime: { ...onnxRuntime, upload: onnxRuntime.upload, dispose: onnxRuntime.dispose, compile }, log };
}

describe("ProgramCache", () => {
  it("compiles once for a key, also when it is asked for twice at the same time", async () => {
    const { runtime, log } = listeningRuntime();
    const cache = new ProgramCache(runtime, 2);
    const [first, second] = await Promise.all([cache.get("a", build), cache.get("a", build)]);
    expect(second).toBe(first);
    expect(await cache.get("a", build)).toBe(first);
    expect(log).toEqual(["compiled program 1"]);
  });

  it("builds no graph for a program that it has", async () => {
    const cache = new ProgramCache(listeningRuntime().runtime, 2);
    await cache.get("a", build);
    await cache.get("a", () => {
      throw new Error("built again");
    });
  });

  it("gives up the one not used for longest", async () => {
    const { runtime, log } = listeningRuntime();
    const cache = new ProgramCache(runtime, 2);
    for (const key of ["a", "b", "a", "c"]) await cache.get(key, build);
    expect(log.slice(2)).toEqual(["compiled program 3", "disposed program 2"]);
    await cache.get("a", build);
    expect(log).toHaveLength(4);
    await cache.get("b", build);
    expect(log.slice(4)).toEqual(["compiled program 4", "disposed program 3"]);
  });

  it("does not keep a compilation that failed", async () => {
    const { runtime, log } = listeningRuntime();
    let fails = true;
    const compile = (graph: Graph) => (fails ? Promise.reject(new Error("no memory")) : runtime.compile(graph));
    const cache = new ProgramCache({ ...runtime, compile }, 2);
    await expect(cache.get("a", build)).rejects.toThrow("no memory");
    fails = false;
    await cache.get("a", build);
    expect(log).toEqual(["compiled program 1"]);
  });

  it("passes on an error of building the graph, and can be asked again", async () => {
    const cache = new ProgramCache(listeningRuntime().runtime, 2);
    const broken = () => {
      throw new Error("shapes do not fit");
    };
    await expect(cache.get("a", broken)).rejects.toThrow("shapes do not fit");
    await cache.get("a", build);
  });

  it("disposes of all programs at the end", async () => {
    const { runtime, log } = listeningRuntime();
    const cache = new ProgramCache(runtime, 3);
    for (const key of ["a", "b"]) await cache.get(key, build);
    await cache.dispose();
    expect(log.slice(2)).toEqual(["disposed program 1", "disposed program 2"]);
  });
});
