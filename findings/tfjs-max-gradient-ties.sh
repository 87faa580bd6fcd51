#!/usr/bin/env bash
# TensorFlow.js 4.22.0: max over an axis gives the whole gradient to every one of several equal maxima, maxPool to the first.
# Expected: one rule, a subgradient, whose entries add up to the gradient that came in (PyTorch's amax shares it out,
# its max(dim) gives it to one index).
# Seen: for two equal maxima tf.max passes on 1 and 1, twice of what came in; tf.maxPool over the same values 1 and 0.
# Confidence losses on saturated softmax outputs, where several classes or pixels are exactly 1, grow by that factor.
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
  const overAxis = tf.grad((x) => tf.max(x))(tf.tensor1d([1, 1, 0])).dataSync();
  const pooled = tf.grad((x) => tf.sum(tf.maxPool(x, [1, 3], 1, "valid")))(tf.tensor4d([1, 1, 0], [1, 1, 3, 1])).dataSync();
  console.log(`TensorFlow.js ${tf.version.tfjs}`);
  console.log(`max of 1 1 0 passes on     ${overAxis.join(" ")}`);
  console.log(`maxPool of 1 1 0 passes on ${pooled.join(" ")}`);
  if (overAxis.join() !== "1,1,0" || pooled.join() !== "1,0,0") throw new Error("behaves otherwise now");
})();
JS
node check.cjs
