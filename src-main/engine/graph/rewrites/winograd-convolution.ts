// A 3x3 convolution of stride 1 as Winograd's algorithm, written with matrix products: fewer multiplications.
import { at, elementCount } from "../node.ts";
import { constant } from "../ops/constant.ts";
import type { ConvAttrs } from "../ops/conv-geometry.ts";
import { matMul } from "../ops/mat-mul.ts";
import { reshape } from "../ops/reshape.ts";
import { transpose } from "../ops/transpose.ts";
import type { Node, Shape } from "../types.ts";
import type { WinogradAlgorithm } from "./winograd-algorithms.ts";

/**
 * The convolution and its two gradients in the transformed domain. Along each axis a line of samples is cut into tiles,
 * for dilation d separately for every d-th sample; the transform of a whole line is one matrix, so dilation, padding and
 * sizes that no tile divides are all in its zeros. With V the transformed input, U the kernel, M the product:
 *
 *   forward          M = U·V,   y  = output · M
 *   input gradient   V̄ = Uᵀ·M̄,  dx = inputᵀ · V̄      with M̄ = outputᵀ · dy
 *   filter gradient  Ū = M̄·Vᵀ,  dw = kernelᵀ · Ū
 *
 * V and M̄ of one layer are equal expressions, which become one when common ones are merged. U is not, on purpose: kept from
 * forward to backward it would take tile²/9 times the memory of the weights, so the input gradient computes −U anew.
 */
export class WinogradConvolution {
  readonly #algorithm: WinogradAlgorithm;
  readonly #attrs: ConvAttrs;
  readonly #tile: number;

  constructor(algorithm: WinogradAlgorithm, attrs: ConvAttrs) {
    this.#algorithm = algorithm;
    this.#attrs = attrs;
    this.#tile = algorithm.outputs + 2;
  }

  /** As `conv(x, weight)`: x [N, C, H, W], weight [K, C, 3, 3], result [N, K, H', W']. */
  forward(x: Node, weight: Node, outShape: Shape): Node {
    const [n, , h, w] = outShape as [number, number, number, number];
    const product = matMul(this.#kernelTransform(weight), this.#inputTransform(x, [h, w]));
    const [rows, columns] = this.#outputMatrices([h, w]);
    return this.#fromTiles(product, rows, columns, n);
  }

  /** As `convInputGradient(outGrad, weight)`. */
  inputGradient(outGrad: Node, weight: Node, inputShape: Shape): Node {
    const [n, , h, w] = inputShape as [number, number, number, number];
    const product = matMul(this.#kernelTransform(weight, -1), this.#gradientTransform(outGrad), true, false);
    const outSize: [number, number] = [at(outGrad.shape, 2), at(outGrad.shape, 3)];
    const [rows, columns] = this.#inputMatrices([h, w], outSize);
    return this.#fromTiles(product, negated(transposedMatrix(rows)), transposedMatrix(columns), n);
  }

  /** As `convFilterGradient(x, outGrad)`. */
  filterGradient(x: Node, outGrad: Node, weightShape: Shape): Node {
    const outSize: [number, number] = [at(outGrad.shape, 2), at(outGrad.shape, 3)];
    const product = matMul(this.#gradientTransform(outGrad), this.#inputTransform(x, outSize), false, true);
    const flat = reshape(product, [this.#tile ** 2, elementCount(product.shape) / this.#tile ** 2]);
    return reshape(matMul(flat, this.#kernelMatrix(1), true, false), weightShape);
  }

  /** ±U: [tile², K, C]. */
  #kernelTransform(weight: Node, sign: 1 | -1 = 1): Node {
    const [k, c] = weight.shape as [number, number];
    const flat = matMul(this.#kernelMatrix(sign), reshape(weight, [k * c, 9]), false, true);
    return reshape(flat, [this.#tile ** 2, k, c]);
  }

  /** V: [tile², C, N·tiles]. */
  #inputTransform(x: Node, outSize: readonly [number, number]): Node {
    const [, , h, w] = x.shape as [number, number, number, number];
    const [rows, columns] = this.#inputMatrices([h, w], outSize);
    return this.#toTiles(x, rows, columns);
  }

  /** M̄: [tile², K, N·tiles]. */
  #gradientTransform(outGrad: Node): Node {
    const [, , h, w] = outGrad.shape as [number, number, number, number];
    const [rows, columns] = this.#outputMatrices([h, w]);
    return this.#toTiles(outGrad, transposedMatrix(rows), transposedMatrix(columns));
  }

  /** rows · x · columnsᵀ, then each of the tile² components as a matrix of its own: [tile², C, N·tiles]. */
  #toTiles(x: Node, rows: Matrix, columns: Matrix): Node {
    const [n, c, h, w] = x.shape as [number, number, number, number];
    const wide = matMul(reshape(x, [n * c * h, w]), transposedMatrix(columns).node);
    const both = matMul(rows.node, reshape(wide, [n * c, h, columns.rows]));
    const [q, r] = [rows.rows / this.#tile, columns.rows / this.#tile];
    const tiled = reshape(both, [n, c, this.#tile, q, this.#tile, r]);
    return reshape(transpose(tiled, [2, 4, 1, 0, 3, 5]), [this.#tile ** 2, c, n * q * r]);
  }

  /** The way back: [tile², K, N·tiles] to [N, K, H, W] by rows · tiles · columnsᵀ. */
  #fromTiles(product: Node, rows: Matrix, columns: Matrix, n: number): Node {
    const k = at(product.shape, 1);
    const [q, r] = [rows.columns / this.#tile, columns.columns / this.#tile];
    const tiled = reshape(product, [this.#tile, this.#tile, k, n, q, r]);
    const maps = reshape(transpose(tiled, [3, 2, 0, 4, 1, 5]), [n * k, rows.columns, columns.columns]);
    const tall = matMul(rows.node, maps);
    const flat = matMul(reshape(tall, [n * k * rows.rows, columns.columns]), transposedMatrix(columns).node);
    return reshape(flat, [n, k, rows.rows, columns.rows]);
  }

  /** ±kernel ⊗ kernel: [tile², 9]. */
  #kernelMatrix(sign: 1 | -1): Node {
    const { kernel } = this.#algorithm;
    const data = kernel.flatMap((row) =>
      kernel.flatMap((column) => row.flatMap((a) => column.map((b) => sign * a * b))),
    );
    return constant(Float32Array.from(data), [this.#tile ** 2, 9]);
  }

  #inputMatrices([h, w]: readonly [number, number], [outH, outW]: readonly [number, number]): [Matrix, Matrix] {
    const { pads, dilations } = this.#attrs;
    return [this.#inputMatrix(h, outH, dilations[0], pads[0]), this.#inputMatrix(w, outW, dilations[1], pads[1])];
  }

  #outputMatrices([outH, outW]: readonly [number, number]): [Matrix, Matrix] {
    const { dilations } = this.#attrs;
    return [this.#outputMatrix(outH, dilations[0]), this.#outputMatrix(outW, dilations[1])];
  }

  /** [tile · tiles, size]: component, then tile; tile (phase, j) reads samples dilation·(outputs·j + b) + phase − pad. */
  #inputMatrix(size: number, outSize: number, dilation: number, pad: number): Matrix {
    const { outputs, input } = this.#algorithm;
    const tiles = lineTiles(outSize, dilation, outputs);
    return filledMatrix(this.#tile * tiles.length, size, (put) => {
      tiles.forEach(({ phase, j }, tile) => {
        input.forEach((row, component) => {
          row.forEach((factor, b) => {
            const sample = dilation * (outputs * j + b) + phase - pad;
            if (factor !== 0 && sample >= 0 && sample < size) put(component * tiles.length + tile, sample, factor);
          });
        });
      });
    });
  }

  /** [size, tile · tiles]: tile (phase, j) gives samples dilation·(outputs·j + a) + phase. */
  #outputMatrix(size: number, dilation: number): Matrix {
    const { outputs, output } = this.#algorithm;
    const tiles = lineTiles(size, dilation, outputs);
    return filledMatrix(size, this.#tile * tiles.length, (put) => {
      tiles.forEach(({ phase, j }, tile) => {
        output.forEach((row, a) => {
          const sample = dilation * (outputs * j + a) + phase;
          if (sample >= size) return;
          row.forEach((factor, component) => {
            put(sample, component * tiles.length + tile, factor);
          });
        });
      });
    });
  }
}

/** The j-th tile of a phase: every dilation-th sample of a line, from sample `phase` on. */
interface LineTile {
  readonly phase: number;
  readonly j: number;
}

/** The tiles of a line of results, phase by phase: as many in each phase as its own samples fill. */
export function lineTiles(size: number, dilation: number, outputs: number): LineTile[] {
  return Array.from({ length: Math.min(dilation, size) }, (_, phase) => {
    const samples = Math.ceil((size - phase) / dilation);
    return Array.from({ length: Math.ceil(samples / outputs) }, (_, j) => ({ phase, j }));
  }).flat();
}

interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
  readonly node: Node;
}

function matrixOf(rows: number, columns: number, data: Float32Array): Matrix {
  return { rows, columns, data, node: constant(data, [rows, columns]) };
}

function filledMatrix(
  rows: number,
  columns: number,
  fill: (put: (row: number, column: number, value: number) => void) => void,
): Matrix {
  const data = new Float32Array(rows * columns);
  fill((row, column, value) => {
    data[row * columns + column] = value;
  });
  return matrixOf(rows, columns, data);
}

function negated({ rows, columns, data }: Matrix): Matrix {
  return matrixOf(
    rows,
    columns,
    data.map((value) => -value),
  );
}

function transposedMatrix({ rows, columns, data }: Matrix): Matrix {
  const turned = Float32Array.from(data, (_, k) => data[(k % rows) * columns + Math.floor(k / rows)] ?? 0);
  return matrixOf(columns, rows, turned);
}
