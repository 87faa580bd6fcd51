// Number formats JavaScript has no exact conversion for, widened or rounded to float32.

/** IEEE 754 binary16 bits to float32; exact, infinities and NaN included. */
export function float32FromFloat16(bits: Uint16Array): Float32Array {
  const values = new Float32Array(bits.length);
  const words = new Uint32Array(values.buffer);
  for (let i = 0; i < bits.length; i++) {
    const half = bits[i] ?? 0;
    const sign = (half & 0x8000) << 16;
    const exponent = (half >>> 10) & 0x1f;
    const mantissa = half & 0x3ff;
    if (exponent === 0) {
      // zero and subnormals: mantissa · 2^-24, which float32 holds as a normal number
      values[i] = (sign === 0 ? 1 : -1) * mantissa * 2 ** -24;
    } else {
      // biases differ by 127 - 15 = 112; the all-ones exponent of infinity and NaN stays all ones
      words[i] = sign | ((exponent === 0x1f ? 0xff : exponent + 112) << 23) | (mantissa << 13);
    }
  }
  return values;
}

/** bfloat16 bits to float32: they are its upper half. */
export function float32FromBfloat16(bits: Uint16Array): Float32Array {
  const words = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) words[i] = (bits[i] ?? 0) << 16;
  return new Float32Array(words.buffer);
}

/** int64 to the nearest float32. */
export function float32FromInt64(integers: BigInt64Array): Float32Array {
  const values = new Float32Array(integers.length);
  for (let i = 0; i < integers.length; i++) values[i] = numberForFloat32(integers[i] ?? 0n);
  return values;
}

/** A double that rounds to the same float32 as the integer does; plain `Number()` would round twice above 2^53. */
function numberForFloat32(integer: bigint): number {
  const nearest = Number(integer);
  if (Number.isSafeInteger(nearest)) return nearest;
  // The low 11 bits are far below float32's precision here: keep of them only whether any was set.
  const sticky = (integer & 0x7ffn) === 0n ? 0n : 1n;
  return Number(((integer >> 11n) | sticky) << 11n);
}
