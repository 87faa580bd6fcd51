// HRNet: branches at four resolutions side by side, which exchange their features again and again.
import { at } from "../graph/node.ts";
import { add } from "../graph/ops/add.ts";
import { concat } from "../graph/ops/concat.ts";
import { resizeBilinear } from "../graph/ops/resize-bilinear.ts";
import type { Node } from "../graph/types.ts";
import { type Architecture, allKeys, type Features, type Stage } from "./architecture.ts";
import { isBias, normalByOutputs, ZEROS } from "./initial-values.ts";
import type { ModelScope } from "./model-scope.ts";
import { type BlockKind, convNorm, DENSE, HALVING, pointConv, residualBlock } from "./residual-blocks.ts";

export interface HrnetConfig {
  /** Channels of the finest branch; each coarser one has twice as many. */
  readonly width: number;
  /** Channels of the stem and of layer1's inner convolutions; 64 in the originals. */
  readonly stemWidth: number;
  readonly numClasses: number;
}

/** Modules of stage2, stage3 and stage4, which have 2, 3 and 4 branches. */
const MODULES = [1, 4, 3] as const;
/** Residual blocks of layer1, and of a branch in each module. */
const BLOCKS = 4;

const HEAD = "model.last_layer.";

/** HRNet with output stride 4. Source: spec "1.4 HRNet-W18". */
export function hrnet(config: HrnetConfig): Architecture {
  const { width, numClasses } = config;
  const stages = [...stemStages(config), ...exchangeStages(config), head(numClasses)];
  return {
    arch: `hrnet${width}`,
    backbone: `hrnet${width}`,
    numClasses,
    stages,
    alignCorners: true,
    smallestSide: 1,
    coarsestStride: 32,
    copiesOfLoneImage: 1,
    keys: allKeys({ stages, normalization: "adaptive" }),
    normalization: "adaptive",
    newLayers: [HEAD],
    initialValues: (key, weight) => (isBias(key) ? ZEROS : normalByOutputs(weight)),
    imagenetKey: (key) => (key.startsWith(HEAD) ? null : key.replace(/^model\./, "").replace(".batch_norm.", ".")),
    layersOption: "hrnetLayers",
    // conv2, bn2 and layer1 are trained although later stages are not. Source: spec "9. Gotchas", 15.
    isFrozen: (key, layers) =>
      ["conv1", "bn1", ...layers.flatMap((layer) => [`transition${layer}`, `stage${layer + 1}`])].some((part) =>
        key.startsWith(`model.${part}.`),
      ),
  };
}

/** Two strided convolutions, each a stage because only the first is frozen, and residual blocks. */
function stemStages({ stemWidth }: HrnetConfig): Stage[] {
  const half = (k: number): Stage => ({
    name: `conv${k}`,
    apply: (scope, [x]) => [
      scope.activate(convNorm(scope, x, stemWidth, 3, HALVING, `model.conv${k}`, `model.bn${k}`)),
    ],
  });
  const layer1: Stage = {
    name: "layer1",
    apply: (scope, [x]) => [blockChain(scope, x, "bottleneck", stemWidth, "model.layer1")],
  };
  return [half(1), half(2), layer1];
}

function blockChain(scope: ModelScope, x: Node, kind: BlockKind, width: number, key: string): Node {
  return Array.from({ length: BLOCKS }).reduce<Node>(
    (features, _, k) => residualBlock(scope, features, kind, width, `${key}.${k}`, DENSE),
    x,
  );
}

/** Each transition opens one branch more, each stage is a chain of modules. */
function exchangeStages({ width }: HrnetConfig): Stage[] {
  return MODULES.flatMap((modules, index): Stage[] => [
    {
      name: `transition${index + 1}`,
      apply: (scope, features) => transition(scope, features, width, index),
    },
    {
      name: `stage${index + 2}`,
      apply: (scope, features) =>
        Array.from({ length: modules }).reduce<Features>(
          (branches, _, k) => exchangeModule(scope, branches, `model.stage${index + 2}.${k}`),
          features,
        ),
    },
  ]);
}

/** Opens branch `index + 1` from the coarsest one; the first transition adapts the channels of branch 0, too. */
function transition(scope: ModelScope, features: Features, width: number, index: number): Features {
  const key = `model.transition${index + 1}`;
  const coarsest = at(features, -1);
  const kept: Features =
    index === 0 ? [scope.activate(convNorm(scope, coarsest, width, 3, DENSE, `${key}.0.0`, `${key}.0.1`))] : features;
  const opened = `${key}.${index + 1}.0`;
  const channels = width * 2 ** (index + 1);
  return [...kept, scope.activate(convNorm(scope, coarsest, channels, 3, HALVING, `${opened}.0`, `${opened}.1`))];
}

/** Residual blocks in every branch, then each branch becomes the sum of all. */
function exchangeModule(scope: ModelScope, features: Features, key: string): Features {
  const branches = features.map((x, b) => blockChain(scope, x, "basic", at(x.shape, 1), `${key}.branches.${b}`));
  const fused = (i: number): Node => {
    const parts = branches.map((_, j) => carried(scope, branches, i, j, `${key}.fuse_layers.${i}.${j}`));
    return scope.activate(parts.reduce((sum, part) => add(sum, part)));
  };
  const [, ...others] = branches;
  return [fused(0), ...others.map((_, k) => fused(k + 1))];
}

/** Branch j in the resolution and the channels of branch i. */
function carried(scope: ModelScope, branches: readonly Node[], i: number, j: number, key: string): Node {
  const [target, source] = [at(branches, i), at(branches, j)];
  if (j === i) return source;
  const channels = at(target.shape, 1);
  if (j > i) {
    const projected = convNorm(scope, source, channels, 1, DENSE, `${key}.0`, `${key}.1`);
    return resizeBilinear(projected, [at(target.shape, 2), at(target.shape, 3)], true);
  }
  return Array.from({ length: i - j }).reduce<Node>((x, _, k) => {
    const isLast = k === i - j - 1;
    const width = isLast ? channels : at(source.shape, 1);
    const halved = convNorm(scope, x, width, 3, HALVING, `${key}.${k}.0`, `${key}.${k}.1`);
    return isLast ? halved : scope.activate(halved);
  }, source);
}

/** All branches in the finest resolution, mixed by two 1x1 convolutions. */
function head(numClasses: number): Stage {
  return {
    name: "head",
    apply: (scope, features) => {
      const [finest] = features;
      const size: [number, number] = [at(finest.shape, 2), at(finest.shape, 3)];
      const joined = concat(
        features.map((x) => resizeBilinear(x, size, false)),
        1,
      );
      const mixed = pointConv(scope, joined, at(joined.shape, 1), "model.last_layer.0");
      const active = scope.activate(scope.normalize(mixed, "model.last_layer.1"));
      return [pointConv(scope, active, numClasses, "model.last_layer.3")];
    },
  };
}
