// PSPNet's auxiliary head: a second, shallow classifier that only training has.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { at } from "../../graph/node.ts";
import { input } from "../../graph/ops/input.ts";
import type { Node, Shape } from "../../graph/types.ts";
import { type Architecture, forward } from "../../models/architecture.ts";
import { ListingScope, type ModelScope } from "../../models/model-scope.ts";
import { convNorm, DENSE, pointConv } from "../../models/residual-blocks.ts";

/** Before every key of the head. It is kept for going on with a run, and not written into checkpoints. */
export const AUXILIARY_PREFIX = "aux_head.";
/** The stage whose features it reads. Source: PSPNet (Zhao et al., CVPR 2017), section 3.3, "res4b22". */
const READ_STAGE = "layer3";

/**
 * 3x3 convolution to a quarter of the channels, normalisation, ReLU, dropout, 1x1 convolution to the classes.
 *
 * @param features  layer3's, float32 [N, C, h, w]
 * @returns         logits, float32 [N, K, h, w]
 */
export function auxiliaryLogits(scope: ModelScope, features: Node, numClasses: number): Node {
  const width = Math.max(1, Math.floor(at(features.shape, 1) / 4));
  const normalized = convNorm(scope, features, width, 3, DENSE, `${AUXILIARY_PREFIX}0`, `${AUXILIARY_PREFIX}1`);
  const kept = scope.dropout(scope.activate(normalized));
  return pointConv(scope, scope.withoutCopies(kept), numClasses, `${AUXILIARY_PREFIX}4`);
}

/** Applies the network and keeps the features that the auxiliary head reads; null where the network has no layer3. */
export function applyWithTap(
  architecture: Architecture,
  scope: ModelScope,
  image: Node,
): { readonly low: Node; readonly tap: Node | null } {
  const { logits, features } = forward(architecture, scope, image);
  const [tap = null] = features.get(READ_STAGE) ?? [];
  return { low: logits, tap };
}

/** The head's keys with their shapes. @throws AppError `input.option` for a network without layer3 */
export function auxiliaryKeys(architecture: Architecture): ReadonlyMap<string, Shape> {
  const { tap } = applyWithTap(
    architecture,
    new ListingScope(architecture.normalization),
    input("image", [1, 3, 32, 32]),
  );
  if (tap === null) {
    throw new AppError(
      "input.option",
      `--aux-weight: the auxiliary loss reads ${READ_STAGE} of a ResNet, which ${architecture.arch} has not; leave it out.`,
    );
  }
  const listing = new ListingScope(architecture.normalization);
  auxiliaryLogits(listing, tap, architecture.numClasses);
  return listing.keys;
}
