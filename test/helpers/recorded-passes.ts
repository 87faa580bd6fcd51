// Passes of networks with what single modules put out, by the names that the originals have for them.
import { topologicalOrder } from "../../src-main/engine/graph/graph.ts";
import { at } from "../../src-main/engine/graph/node.ts";
import { input } from "../../src-main/engine/graph/ops/input.ts";
import { resizeBilinear } from "../../src-main/engine/graph/ops/resize-bilinear.ts";
import type { Node } from "../../src-main/engine/graph/types.ts";
import { runningStatistics } from "../../src-main/engine/methods/shared/running-statistics.ts";
import { type Architecture, forward } from "../../src-main/engine/models/architecture.ts";
import { GraphScope, type StatisticsSource } from "../../src-main/engine/models/model-scope.ts";

/** What was recorded of one pass, by its recorded names. */
export function passOutputs(
  architecture: Architecture,
  statistics: StatisticsSource,
  imageShape: readonly number[],
  wanted: readonly string[],
  pass: string,
): Record<string, Node> {
  const scope = new ModuleScope(architecture.normalization, { statistics });
  const { logits, features } = forward(architecture, scope, input("image", imageShape));
  const found = convolutions(logits);
  const modules = new Map([...scope.modules, ...found]);
  const head = found.get("vgg_head.8");
  if (head !== undefined) modules.set("vgg_head", head);
  for (const [stage, maps] of features) for (const name of stageModules(stage)) modules.set(name, maps[0]);
  const outputs = new Map<string, Node>([
    [`${pass}/logits`, logits],
    [`${pass}/logits_up`, resizeBilinear(logits, [at(imageShape, 2), at(imageShape, 3)], architecture.alignCorners)],
    ...[...modules].map(([name, node]): [string, Node] => [`${pass}/module/${name}`, node]),
    ...Object.entries(runningStatistics(scope)).map(([key, node]): [string, Node] => [`${pass}/after/${key}`, node]),
  ]);
  return Object.fromEntries([...outputs].filter(([name]) => wanted.includes(name)));
}

/** Notes what normalisation layers put out. */
class ModuleScope extends GraphScope {
  readonly modules = new Map<string, Node>();

  override normalize(x: Node, layer: string): Node {
    const normalized = super.normalize(x, layer);
    this.modules.set(layer, normalized);
    return normalized;
  }
}

/** Every convolution by the key of its weight, with its bias; and every block of a ResNet by what the next one takes. */
function convolutions(logits: Node): Map<string, Node> {
  const modules = new Map<string, Node>();
  for (const node of topologicalOrder([logits])) {
    const key = weightOf(node);
    if (key !== undefined) modules.set(key, node);
    const block = key === undefined ? null : /^(.*)\.(\d+)\.conv1$/.exec(key);
    if (block !== null && block[2] !== "0") modules.set(`${block[1]}.${Number(block[2]) - 1}`, at(node.inputs, 0));
    const [product] = node.inputs;
    const biased = node.op.name === "add" && product !== undefined ? weightOf(product) : undefined;
    if (biased !== undefined) modules.set(biased, node);
  }
  return modules;
}

function weightOf({ op, inputs }: Node): string | undefined {
  const weight = op.name === "conv" ? inputs[1] : undefined;
  return weight !== undefined && input.is(weight) ? weight.attrs.name.replace(/\.weight$/, "") : undefined;
}

/** What the originals call the modules that a stage ends with. */
function stageModules(stage: string): readonly string[] {
  return STAGE_MODULES[stage] ?? [`model.${stage}`, stage];
}

const STAGE_MODULES: Readonly<Record<string, readonly string[]>> = {
  stem: ["model.maxpool", "maxpool"],
  conv1: ["features.6"],
  conv2: ["features.13"],
  conv3: ["features.23", "block1"],
  conv4: ["block2"],
  conv5: ["block3"],
  head: ["model.layer5", "layer5", "classifier"],
};
