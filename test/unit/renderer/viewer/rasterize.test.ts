// The pixels of every layer, against a second, plainer account of what each should be.
import fc from "fast-check";
import { expect, test } from "vitest";
import { classColorRow, rampColor, rampColorRow } from "../../../../src-renderer/viewer/color-rows.ts";
import { deviceView } from "../../../../src-renderer/viewer/device-view.ts";
import type { PaneDrawing } from "../../../../src-renderer/viewer/drawing.ts";
import type { BytePlane, Layer, LayerStyle } from "../../../../src-renderer/viewer/picture.ts";
import { rasterizeStrip } from "../../../../src-renderer/viewer/rasterize.ts";
import {
  BACKDROP_SHARE,
  BLANK_GREY,
  FALSE_NEGATIVE_COLOR,
  FALSE_POSITIVE_COLOR,
  FIXED_COLOR,
  STILL_WRONG_COLOR,
  TRUE_POSITIVE_COLOR,
  UNLABELLED_SHARE,
  WRONG_COLOR,
} from "../../../../src-renderer/viewer/shade.ts";
import { labelSetFor } from "../../../../src-shared/labels/label-sets.ts";

const { palette } = labelSetFor(19);
const RAMP = rampColorRow();
const WIDTH = 7;
const HEIGHT = 5;

function plane(values: readonly number[]): BytePlane {
  return { width: WIDTH, height: HEIGHT, bytes: Uint8Array.from(values) };
}

function styleOf(change: Partial<LayerStyle> = {}): LayerStyle {
  return {
    opacity: 1,
    threshold: 0,
    hasOutline: false,
    hasPatterns: false,
    classColors: classColorRow(palette, new Set()),
    soloClass: 255,
    ...change,
  };
}

/** One image pixel a device pixel, no photograph: the colour of each image pixel. */
function colorsOf(layer: Layer, style: LayerStyle): (readonly number[])[] {
  const pane: PaneDrawing = {
    rect: { left: 0, top: 0, width: WIDTH, height: HEIGHT },
    view: { originX: 0, originY: 0, scale: 1 },
    strips: [],
    style,
  };
  const block = { width: WIDTH, height: HEIGHT, data: new Uint8ClampedArray(WIDTH * HEIGHT * 4) };
  const picture = { width: WIDTH, height: HEIGHT, photo: null, layer };
  rasterizeStrip(block, pane, { picture, from: 0, to: WIDTH }, RAMP);
  return Array.from({ length: WIDTH * HEIGHT }, (_, index) => [...block.data.slice(index * 4, index * 4 + 3)]);
}

const blank = [BLANK_GREY, BLANK_GREY, BLANK_GREY];
const dimmed = (share: number): number[] => Array(3).fill((BLANK_GREY * share) >> 8);
const label = fc.oneof(fc.integer({ min: 0, max: 18 }), fc.constant(255));
const labels = fc.array(label, { minLength: WIDTH * HEIGHT, maxLength: WIDTH * HEIGHT });
const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: WIDTH * HEIGHT, maxLength: WIDTH * HEIGHT });
const hiddenClasses = fc.uniqueArray(fc.integer({ min: 0, max: 18 })).map((ids) => new Set(ids));

test("classes are looked up in the palette; ignored, hidden and unsure pixels are left to the image", () => {
  fc.assert(
    fc.property(labels, bytes, hiddenClasses, fc.integer({ min: 0, max: 255 }), (ids, confidence, hidden, least) => {
      const style = styleOf({ classColors: classColorRow(palette, hidden), threshold: least / 255 });
      const colors = colorsOf({ kind: "labels", labels: plane(ids), confidence: plane(confidence) }, style);
      for (const [index, id] of ids.entries()) {
        const isPainted = id !== 255 && !hidden.has(id) && (confidence[index] ?? 0) >= least;
        expect(colors[index]).toEqual(isPainted ? palette[id] : blank);
      }
    }),
  );
});

test("opacity mixes the colour with the image, rounded to the nearest", () => {
  fc.assert(
    fc.property(labels, fc.integer({ min: 0, max: 255 }), (ids, opacity) => {
      const style = styleOf({ opacity: opacity / 255 });
      const colors = colorsOf({ kind: "labels", labels: plane(ids), confidence: null }, style);
      for (const [index, id] of ids.entries()) {
        if (id === 255) continue;
        const mixed = palette[id]?.map((over) => Math.round((BLANK_GREY * (255 - opacity) + over * opacity) / 255));
        expect(colors[index]).toEqual(mixed);
      }
    }),
  );
});

test("heat maps show the ramp's colour of every value", () => {
  const values = Array.from({ length: WIDTH * HEIGHT }, (_, index) => index * 7);
  const colors = colorsOf({ kind: "heat", values: plane(values) }, styleOf());
  expect(colors).toEqual(values.map((value) => rampColor(value / 255)));
});

const flags = fc.array(fc.boolean(), { minLength: WIDTH * HEIGHT, maxLength: WIDTH * HEIGHT });

test("errors are the counted pixels that differ from the truth and of which one class is shown", () => {
  fc.assert(
    fc.property(labels, labels, flags, hiddenClasses, (predicted, truth, counted, hidden) => {
      const style = styleOf({ classColors: classColorRow(palette, hidden) });
      const band = plane(counted.map((isIn) => (isIn ? 255 : 0)));
      const layer = { kind: "errors", labels: plane(predicted), truth: plane(truth) } as const;
      const isShown = (id: number): boolean => id !== 255 && !hidden.has(id);
      for (const [colors, isBanded] of [
        [colorsOf({ ...layer, counted: null }, style), false],
        [colorsOf({ ...layer, counted: band }, style), true],
      ] as const) {
        for (const [index, actual] of truth.entries()) {
          const label = predicted[index] ?? 255;
          const isCounted = actual !== 255 && (!isBanded || counted[index] === true);
          const isWrong = isCounted && label !== actual && (isShown(actual) || isShown(label));
          const backdrop = dimmed(isCounted ? BACKDROP_SHARE : UNLABELLED_SHARE);
          expect(colors[index]).toEqual(isWrong ? WRONG_COLOR : backdrop);
        }
      }
    }),
  );
});

test("of a class shown alone errors tell true positives, false positives and false negatives", () => {
  fc.assert(
    fc.property(labels, labels, fc.integer({ min: 0, max: 18 }), (predicted, truth, soloClass) => {
      const layer = { kind: "errors", labels: plane(predicted), truth: plane(truth), counted: null } as const;
      const colors = colorsOf(layer, styleOf({ soloClass }));
      for (const [index, actual] of truth.entries()) {
        const isFound = predicted[index] === soloClass;
        const expected =
          actual === 255
            ? dimmed(UNLABELLED_SHARE)
            : actual === soloClass
              ? isFound
                ? TRUE_POSITIVE_COLOR
                : FALSE_NEGATIVE_COLOR
              : isFound
                ? FALSE_POSITIVE_COLOR
                : dimmed(BACKDROP_SHARE);
        expect(colors[index]).toEqual(expected);
      }
    }),
  );
});

test("a class shown alone is seen in a difference where it came and where it was lost", () => {
  const alone = new Set([...palette.keys()].filter((id) => id !== 11));
  const style = styleOf({ classColors: classColorRow(palette, alone) });
  const [came, lost, other] = [0, 1, 2];
  const from = plane([0, 11, 0, ...Array(WIDTH * HEIGHT - 3).fill(11)]);
  const to = plane([11, 0, 2, ...Array(WIDTH * HEIGHT - 3).fill(11)]);
  const colors = colorsOf({ kind: "difference", from, to, truth: null }, style);
  expect(colors[came]).toEqual(palette[11]);
  expect(colors[lost]).toEqual(palette[0]);
  expect(colors[other]).toEqual(dimmed(BACKDROP_SHARE));
  expect(colors[3]).toEqual(dimmed(BACKDROP_SHARE));
});

test("a difference shows the new class, or with the truth whether it got better", () => {
  fc.assert(
    fc.property(labels, labels, labels, fc.boolean(), (from, to, actual, isKnown) => {
      const truth = isKnown ? plane(actual) : null;
      const colors = colorsOf({ kind: "difference", from: plane(from), to: plane(to), truth }, styleOf());
      for (const [index, now] of to.entries()) {
        const before = from[index];
        const right = isKnown ? actual[index] : 255;
        const expected =
          before === now || now === 255 || before === 255
            ? dimmed(BACKDROP_SHARE)
            : right === 255
              ? palette[now]
              : right === now
                ? FIXED_COLOR
                : right === before
                  ? WRONG_COLOR
                  : STILL_WRONG_COLOR;
        expect(colors[index]).toEqual(expected);
      }
    }),
  );
});

test("a pseudo-label shows its classes and dims what has none", () => {
  fc.assert(
    fc.property(labels, (ids) => {
      const colors = colorsOf({ kind: "pseudoLabel", labels: plane(ids) }, styleOf());
      expect(colors).toEqual(ids.map((id) => (id === 255 ? dimmed(UNLABELLED_SHARE) : palette[id])));
    }),
  );
});

test("outlines are the pixels that touch another class, and nothing else", () => {
  fc.assert(
    fc.property(labels, (ids) => {
      const colors = colorsOf({ kind: "labels", labels: plane(ids), confidence: null }, styleOf({ hasOutline: true }));
      for (const [index, id] of ids.entries()) {
        const [x, y] = [index % WIDTH, Math.floor(index / WIDTH)];
        const neighbours = [
          x > 0 ? ids[index - 1] : id,
          x < WIDTH - 1 ? ids[index + 1] : id,
          y > 0 ? ids[index - WIDTH] : id,
          y < HEIGHT - 1 ? ids[index + WIDTH] : id,
        ];
        const isLine = id !== 255 && neighbours.some((other) => other !== id);
        expect(colors[index]).toEqual(isLine ? palette[id] : blank);
      }
    }),
  );
});

test("a checkerboard of one-pixel squares is exact at every ratio and zoom", () => {
  const board = { width: 64, height: 48, bytes: new Uint8Array(64 * 48) };
  for (let index = 0; index < board.bytes.length; index++) board.bytes[index] = (index + Math.floor(index / 64)) % 2;
  const row = rampColorRow();
  for (const ratio of [1, 1.25, 1.5, 2]) {
    for (const zoom of [0.1, 0.33, 0.5, 1, 1.7, 4, 32]) {
      const rect = { left: 0, top: 0, width: 101, height: 77 };
      const view = deviceView({ centerX: 31.3, centerY: 20.9, zoom }, rect, ratio);
      const picture = {
        width: 64,
        height: 48,
        photo: null,
        layer: { kind: "labels", labels: board, confidence: null },
      } as const;
      const block = {
        width: rect.width,
        height: rect.height,
        data: new Uint8ClampedArray(rect.width * rect.height * 4),
      };
      rasterizeStrip(block, { rect, view, strips: [], style: styleOf() }, { picture, from: 0, to: rect.width }, row);
      let wrong = 0;
      for (let y = 0; y < rect.height; y++) {
        for (let x = 0; x < rect.width; x++) {
          const column = Math.floor((x + 0.5 - view.originX) / view.scale);
          const line = Math.floor((y + 0.5 - view.originY) / view.scale);
          const isInside = column >= 0 && line >= 0 && column < 64 && line < 48;
          const expected = isInside ? palette[(column + line) % 2] : [0, 0, 0];
          const at = (y * rect.width + x) * 4;
          if (expected?.some((value, channel) => block.data[at + channel] !== value)) wrong++;
        }
      }
      expect({ ratio, zoom, wrong }).toEqual({ ratio, zoom, wrong: 0 });
    }
  }
});
