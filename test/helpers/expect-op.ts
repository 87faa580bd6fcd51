// Hand-worked values of ops: each small graph runs on every runtime and must give exactly the numbers written down.
import { expect, test } from "vitest";
import type { Node } from "../../src-main/engine/graph/types.ts";
import { AppError } from "../../src-shared/contract/errors.ts";
import { evaluate, RUNTIMES } from "./runtimes-under-test.ts";
import type { TestTensor } from "./seeded-tensors.ts";
import "./to-be-all-close.ts";
import { TOLERANCES } from "./tolerances.ts";

/** Graphs over the same inputs, each with its values in C order. */
export type WorkedExamples = Readonly<Record<string, readonly [node: Node, values: readonly number[]]>>;

/** Declares a test for each runtime; the examples' names are sentences of behaviour. They share one compiled graph. */
export function testValues(
  title: string,
  inputs: readonly TestTensor[],
  examples: (...nodes: Node[]) => WorkedExamples,
): void {
  test.each(RUNTIMES)(`${title} on %s`, async (_name, runtime) => {
    const expected = new Map<string, readonly number[]>();
    const found = await evaluate(runtime, inputs, (...nodes) => {
      const worked = Object.entries(examples(...nodes));
      for (const [name, [, values]] of worked) expected.set(name, values);
      return Object.fromEntries(worked.map(([name, [node]]) => [name, node]));
    });
    for (const [name, values] of expected) expect(found[name] ?? [], name).toBeAllClose(values, TOLERANCES.values);
  });
}

/** What an op says about inputs that do not fit together. */
export function messageOf(build: () => Node): string {
  try {
    build();
  } catch (error) {
    if (error instanceof AppError && error.code === "graph.shapeMismatch") return error.message;
    throw error;
  }
  return "no error";
}
