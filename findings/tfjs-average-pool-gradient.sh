#!/usr/bin/env bash
# TensorFlow.js 4.22.0: the gradient of avgPool with padding "same" is wrong at the border.
# Expected: the forward pass divides by the number of pixels inside of the image, so the gradient does, too.
# Seen: the forward pass does, the gradient divides by the whole window: on a 3x3 image, 2x2 windows, stride 2, the corner
# pixel alone makes its output (derivative 1), and the gradient says 0.25.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @tensorflow/tfjs@4.22.0
cat >check.cjs <<'JS'
const tf = require("@tensorflow/tfjs");

(async () => {
  await tf.setBackend("cpu");
  const f = (image) => tf.sum(tf.avgPool(image, 2, 2, "same"));
  const unit = (pixel) => tf.tensor4d(Array.from({ length: 9 }, (_, at) => (at === pixel ? 1 : 0)), [1, 3, 3, 1]);
  // The pool is linear: what a unit image gives is the derivative by that pixel.
  const exact = Array.from({ length: 9 }, (_, pixel) => f(unit(pixel)).dataSync()[0]);
  const gradient = Array.from(tf.grad(f)(tf.ones([1, 3, 3, 1])).dataSync());
  console.log(`TensorFlow.js ${tf.version.tfjs}`);
  console.log(`derivatives ${exact.join(" ")}`);
  console.log(`gradient    ${gradient.join(" ")}`);
  if (exact[8] !== 1 || exact[2] !== 0.5) throw new Error("the forward pass behaves otherwise now");
  if (gradient[8] !== 0.25 || gradient[2] !== 0.25) throw new Error("the gradient behaves otherwise now");
})();
JS
node check.cjs
