// Whether every number is one: asked of weights and logits before anything takes a maximum, which may pass over NaN.

/**
 * False when a value is NaN or infinite. ONNX Runtime's MaxPool and ArgMax pass over NaN, and so does every comparison: a
 * prediction made of NaN looks like one of class 0.
 */
export function allFinite(values: Float32Array): boolean {
  // 0 · ∞ and 0 · NaN are NaN, which no further addition changes. Four sums, because one would wait for itself.
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = values.length - (values.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += 0 * (values[i] as number);
    b += 0 * (values[i + 1] as number);
    c += 0 * (values[i + 2] as number);
    d += 0 * (values[i + 3] as number);
  }
  for (let i = whole; i < values.length; i++) a += 0 * (values[i] as number);
  return a + b + c + d === 0;
}
