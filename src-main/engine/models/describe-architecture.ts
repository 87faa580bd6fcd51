// An architecture in numbers: output shapes, parameters and multiply-adds of its stages and their blocks.
import type { ArchitectureBlock, ArchitectureDescription } from "../../../src-shared/contract/workbench/checkpoints.ts";
import { graphOf, topologicalOrder } from "../graph/graph.ts";
import { flopOf } from "../graph/graph-work.ts";
import { at, elementCount, isMadeBy } from "../graph/node.ts";
import { convOp } from "../graph/ops/conv.ts";
import { input } from "../graph/ops/input.ts";
import { matMulOp } from "../graph/ops/mat-mul.ts";
import { reshapeOp } from "../graph/ops/reshape.ts";
import { transposeOp } from "../graph/ops/transpose.ts";
import type { Node, Shape } from "../graph/types.ts";
import { type Architecture, type Features, stageKeys } from "./architecture.ts";
import { GraphScope } from "./model-scope.ts";

/** What an optimiser would change: no running statistics, no alpha. */
const LEARNED = /\.(weight|bias)$/;

/** A convolution or matrix product, and the block that it belongs to. */
interface Product {
  readonly node: Node;
  /** Key of its weight; of products without one, as in attention, that of the next that has one. */
  readonly key: string;
}

/**
 * The network's own multiply-adds, those of its convolutions and matrix products; a runtime may need fewer.
 *
 * @param size  of the network's input, in pixels
 */
export function describeArchitecture(
  architecture: Architecture,
  { width, height }: { readonly width: number; readonly height: number },
): ArchitectureDescription {
  const scope = new GraphScope(architecture.normalization, { statistics: "running" });
  const keysOfStages = stageKeys(architecture);
  const seen = new Set<Node>();
  let features: Features = [input("image", [1, 3, height, width])];
  const stages = architecture.stages.map((stage, place) => {
    features = stage.apply(scope, features);
    const products = newProducts(features, seen);
    const keys = keysOfStages[place] ?? new Map<string, Shape>();
    return {
      name: stage.name,
      outputs: [...new Set(features)].map(({ shape }) => [...shape]),
      parameters: learnedIn([...keys]),
      multiplyAdds: sumOf(products.map(multiplyAddsOf)),
      blocks: blocksOf(keys, products),
    };
  });
  return {
    input: { width, height },
    stages,
    parameters: sumOf(stages.map(({ parameters }) => parameters)),
    multiplyAdds: sumOf(stages.map(({ multiplyAdds }) => multiplyAdds)),
  };
}

function newProducts(features: Features, seen: Set<Node>): readonly Product[] {
  const graph = graphOf(Object.fromEntries(features.map((node, index) => [String(index), node])));
  const fresh = topologicalOrder([...graph.outputs.values()]).filter((node) => !seen.has(node));
  for (const node of fresh) seen.add(node);
  let key = "";
  const backwards = fresh.toReversed().flatMap((node): Product[] => {
    if (node.op.name !== convOp.name && node.op.name !== matMulOp.name) return [];
    key = weightKeyOf(node) ?? key;
    return [{ node, key }];
  });
  return backwards.toReversed();
}

/** Parts of a stage, by the first name behind what all its keys begin with: `layer1.0`, `layer1.1`. */
function blocksOf(keys: ReadonlyMap<string, Shape>, products: readonly Product[]): ArchitectureBlock[] {
  const depth = commonParts([...keys.keys()].map(layerOf));
  const nameOf = (key: string): string =>
    layerOf(key)
      .slice(0, depth + 1)
      .join(".");
  const byBlock = Map.groupBy(products, ({ key }) => nameOf(key));
  const keysByBlock = Map.groupBy([...keys], ([key]) => nameOf(key));
  if (keysByBlock.size < 2) return [];
  return [...keysByBlock].map(([name, own]) => {
    const computed = byBlock.get(name) ?? [];
    return {
      name,
      output: imageShape(computed.at(-1)?.node.shape ?? []),
      parameters: learnedIn(own),
      multiplyAdds: sumOf(computed.map(multiplyAddsOf)),
    };
  });
}

/** The names of the layer that a key belongs to, without that of the parameter. */
function layerOf(key: string): readonly string[] {
  return key.split(".").slice(0, -1);
}

/** How many names all layers begin with. */
function commonParts(layers: readonly (readonly string[])[]): number {
  const [first = [], ...others] = layers;
  const differing = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return differing < 0 ? first.length : differing;
}

/** With the one image in front, which rows of a transformer's tokens are without. */
function imageShape(shape: Shape): number[] {
  return shape.length === 2 ? [1, ...shape] : [...shape];
}

/** Through reshapes and transposes; undefined where a product is of two computed values. */
function weightKeyOf(product: Node): string | undefined {
  let weight = at(product.inputs, 1);
  while (isMadeBy(weight, reshapeOp) || isMadeBy(weight, transposeOp)) weight = weight.inputs[0];
  return input.is(weight) ? weight.attrs.name : undefined;
}

function multiplyAddsOf({ node }: Product): number {
  return flopOf(node) / 2;
}

function learnedIn(keys: readonly (readonly [string, Shape])[]): number {
  return sumOf(keys.filter(([key]) => LEARNED.test(key)).map(([, shape]) => elementCount(shape)));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
