// Tiles of a large photograph are its pixels, all of them, at every size.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { cropImage } from "../../../../src-main/engine/images/crop.ts";
import { decodeImage } from "../../../../src-main/engine/images/decode-image.ts";
import { encodeRgbPng } from "../../../../src-main/engine/images/encode-png.ts";
import { upright } from "../../../../src-main/engine/images/orientation.ts";
import { TILES_FOLDER, writePhotoPyramid } from "../../../../src-main/engine/images/write-photo-pyramid.ts";
import { levelSize, pyramidLevels } from "../../../../src-shared/contract/workbench/photo-pyramid.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";
import { blockImage } from "../../../helpers/tiny-model.ts";

const TILE = 64;

async function cut(bytes: Uint8Array): Promise<string> {
  const folder = temporaryFolder();
  const tiles = join(folder, "tiles");
  mkdirSync(tiles, { recursive: true });
  writeFileSync(join(folder, "photo"), bytes);
  await writePhotoPyramid(join(folder, "photo"), tiles, TILE);
  return tiles;
}

describe("a pyramid of tiles", () => {
  it("has the photograph's own pixels in its last level, and the sizes that are promised in all", async () => {
    const image = blockImage(301, 130);
    const tiles = await cut(await encodeRgbPng(image));
    const levels = pyramidLevels(image, TILE);
    expect(levels).toBe(4);
    for (let level = 0; level < levels; level++) {
      const { width, height } = levelSize({ ...image, levels }, level);
      for (let row = 0; row * TILE < height; row++) {
        for (let column = 0; column * TILE < width; column++) {
          const tile = await decodeImage(join(tiles, TILES_FOLDER, String(level), `${column}_${row}.png`));
          const [left, top] = [column * TILE, row * TILE];
          const box = { left, top, width: Math.min(TILE, width - left), height: Math.min(TILE, height - top) };
          expect([tile.width, tile.height]).toEqual([box.width, box.height]);
          if (level === levels - 1) expect(tile).toEqual(cropImage(image, box));
        }
      }
    }
  });

  it("lies the right side up where a note says which it is", async () => {
    const { width, height, data } = blockImage(90, 30);
    const noted = sharp(data, { raw: { width, height, channels: 3 } }).withMetadata({ orientation: 6 });
    const tiles = await cut(await noted.png().toBuffer());
    const last = pyramidLevels({ width: height, height: width }, TILE) - 1;
    const tile = await decodeImage(join(tiles, TILES_FOLDER, String(last), "0_0.png"));
    const { width: across, height: down, data: turned } = upright({ width, height, data }, 3, 6);
    const whole = { width: across, height: down, data: turned };
    expect(tile).toEqual(cropImage(whole, { left: 0, top: 0, width: across, height: TILE }));
  });

  it("is refused for a file that breaks off", async () => {
    const whole = await encodeRgbPng(blockImage(301, 130));
    await expect(cut(whole.slice(0, whole.length / 2))).rejects.toMatchObject({ code: "image.damaged" });
  });
});
