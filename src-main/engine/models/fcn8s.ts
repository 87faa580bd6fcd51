// FCN-8s on a VGG-16: the classes' scores at three resolutions, each enlarged and added to the next.
import { at } from "../graph/node.ts";
import { add } from "../graph/ops/add.ts";
import { resizeBilinear } from "../graph/ops/resize-bilinear.ts";
import type { Node, Shape } from "../graph/types.ts";
import { type Architecture, allKeys, type Stage, tapped } from "./architecture.ts";
import type { VggConfig } from "./deeplab-v2-vgg.ts";
import { type InitialValues, isBias, normalByOutputs, uniformByInputs, ZEROS } from "./initial-values.ts";
import type { ModelScope } from "./model-scope.ts";
import { biasedConv, DENSE, pointConv } from "./residual-blocks.ts";
import { frozenInVgg, type VggGroup, vggStages } from "./vgg.ts";

const HEAD = "vgg_head";
const SCORES = ["score_pool4", "score_pool3"];
/** Standard deviation of the weights that score the finer maps. */
const SCORE_DEVIATION = 0.01;

/** Source: spec of DA-SAC, "3.3 FCN-8s / VGG-16-BN", init; the backbone as torchvision's own. */
function initialValues(key: string, weight: Shape): InitialValues {
  const isScore = SCORES.some((layer) => key.startsWith(layer));
  if (isScore && !isBias(key)) return { deviation: SCORE_DEVIATION };
  if (isScore || key.startsWith(`${HEAD}.`)) return uniformByInputs(weight);
  return isBias(key) ? ZEROS : normalByOutputs(weight);
}

/** FCN-8s with output stride 8; 4096 channels in its head. Source: spec of DA-SAC, "3.3 FCN-8s / VGG-16-BN". */
export function fcn8s({ numClasses, width, headWidth }: VggConfig): Architecture {
  const group = (prefix: string): VggGroup => ({ prefix, dilation: 1, isPooled: true });
  const [first, second, third] = [group("block1"), group("block2"), group("block3")];
  const groups = vggStages(width, [first, first, first, second, third]);
  const backbone = groups.map((stage) => (["conv3", "conv4"].includes(stage.name) ? tapped(stage) : stage));
  const head: Stage = {
    name: "head",
    apply: (scope, features) => {
      const [pool5, pool4, pool3] = [at(features, 0), at(features, 1), at(features, 2)];
      const coarse = headScores(scope, pool5, numClasses, headWidth);
      const middle = addedTo(coarse, pointConv(scope, pool4, numClasses, "score_pool4"));
      return [addedTo(middle, pointConv(scope, pool3, numClasses, "score_pool3"))];
    },
  };
  const stages = [...backbone, head];
  return {
    arch: "fcn8s",
    backbone: "vgg16_bn",
    numClasses,
    stages,
    alignCorners: true,
    smallestSide: 32,
    coarsestStride: 63,
    copiesOfLoneImage: 1,
    keys: allKeys({ stages, normalization: "plain" }),
    normalization: "plain",
    newLayers: [`${HEAD}.`, ...SCORES.map((key) => `${key}.`)],
    initialValues,
    imagenetKey: (key) => (/^block\d\./.test(key) ? key.replace(/^block\d/, "features") : null),
    layersOption: "vggLayers",
    isFrozen: frozenInVgg(stages),
  };
}

function headScores(scope: ModelScope, x: Node, numClasses: number, channels: number): Node {
  const wide = biasedConv(scope, x, channels, 7, DENSE, `${HEAD}.0`);
  const sixth = scope.channelDropout(scope.activate(scope.normalize(wide, `${HEAD}.1`)));
  const point = pointConv(scope, sixth, channels, `${HEAD}.4`);
  const seventh = scope.channelDropout(scope.activate(scope.normalize(point, `${HEAD}.5`)));
  return pointConv(scope, seventh, numClasses, `${HEAD}.8`);
}

/**
 * The scores enlarged to the finer ones' size, added to these. The original always doubles them, and so fails for images of
 * which 8 to 31 pixels are left over by a division by 32; where it does not fail, this is the same.
 */
function addedTo(coarse: Node, fine: Node): Node {
  return add(resizeBilinear(coarse, [at(fine.shape, 2), at(fine.shape, 3)], true), fine);
}
