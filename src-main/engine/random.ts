// Seeded random numbers: the only source of randomness in the engine, the same on every machine.

/** A stream of random numbers that its seed determines. */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Uniform in [a, b). */
  uniform(a: number, b: number): number;
  /** Uniform integer in [0, n). */
  integer(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** One of the items, each as likely; throws RangeError when there is none. */
  pick<T>(items: readonly T[]): T;
}

/** Scrambles 32 bits so that neighbouring inputs give unrelated outputs (xorshift-multiply rounds). */
function scramble(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Folds several integers into one seed; the order counts. */
export function mixSeeds(...parts: readonly number[]): number {
  let seed = 0x2545f491;
  for (const part of parts) {
    // Seeds above 2^32 keep their high half too.
    seed = scramble(seed ^ scramble(part) ^ scramble(Math.floor(part / 0x1_0000_0000) + 0x51ed27));
    seed = (seed + 0x9e3779b9) >>> 0;
  }
  return seed;
}

/**
 * Starts a stream at a seed.
 *
 * @param seed  any integer; equal seeds give equal streams
 */
export function createRandom(seed: number): Random {
  const key = mixSeeds(seed);
  let counter = 0;

  function next(): number {
    counter = (counter + 0x9e3779b9) | 0;
    return scramble(counter ^ scramble(key + counter)) / 0x1_0000_0000;
  }

  return {
    next,
    uniform: (a, b) => a + (b - a) * next(),
    integer: (n) => Math.floor(next() * n),
    normal() {
      // Box-Muller; 1 - next() keeps the logarithm finite.
      return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    },
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new RangeError("pick: the list is empty");
      return items[Math.floor(next() * items.length)] as T; // in range: the list is not empty
    },
  };
}
