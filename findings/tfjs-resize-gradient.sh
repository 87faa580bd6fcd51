#!/usr/bin/env bash
# TensorFlow.js 4.22.0: the gradient of image.resizeBilinear and image.resizeNearestNeighbor passes over halfPixelCenters,
# without a word, and that of resizeBilinear on the processor's backend has height and width exchanged.
# Expected: as both are linear in the image, the gradient of sum(w * resize(x)) is the transposed resize of w.
# Seen: equal to that (1e-6) without halfPixelCenters on square images; off by 0.8 with it (nearest neighbour: 4.4); an error
# about the
# gradient's shape on images that are not square. Whoever trains through a half-pixel resize (PyTorch's
# align_corners=False, ONNX half_pixel) gets wrong gradients.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @tensorflow/tfjs@4.22.0
cat >check.cjs <<'JS'
const tf = require("@tensorflow/tfjs");

/** Largest difference between the gradient and the exact one, found by resizing every unit image. */
function difference(resize, height, width, halfPixelCenters) {
  const weights = tf.randomNormal([1, 5, 7, 1], 0, 1, "float32", 1);
  const f = (image) => tf.sum(tf.mul(weights, resize(image, [5, 7], false, halfPixelCenters)));
  const gradient = tf.grad(f)(tf.randomNormal([1, height, width, 1], 0, 1, "float32", 2)).dataSync();
  return Math.max(...gradient.map((value, pixel) => {
    const unit = new Float32Array(height * width);
    unit[pixel] = 1;
    return Math.abs(value - f(tf.tensor4d(unit, [1, height, width, 1])).dataSync()[0]);
  }));
}

(async () => {
  await tf.setBackend("cpu");
  console.log(`TensorFlow.js ${tf.version.tfjs}`);
  for (const name of ["resizeBilinear", "resizeNearestNeighbor"]) {
    const plain = difference(tf.image[name], 4, 4, false);
    const halfPixel = difference(tf.image[name], 4, 4, true);
    console.log(`${name}, 4x4 to 5x7: off by ${plain.toExponential(1)}, with halfPixelCenters by ${halfPixel.toFixed(2)}`);
    if (plain > 1e-5 || halfPixel < 0.1) throw new Error("behaves otherwise now");
  }
  let message = "no error";
  try {
    difference(tf.image.resizeBilinear, 3, 4, false);
  } catch (error) {
    message = error.message;
  }
  console.log(`resizeBilinear of a 3x4 image: ${message}`);
  if (!message.includes("1,4,3,1")) throw new Error("behaves otherwise now");
})();
JS
node check.cjs
