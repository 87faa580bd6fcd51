// The size of a photograph, and its tiles.
import { readImageHeader } from "../../images/read-image-header.ts";
import { writePhotoPyramid } from "../../images/write-photo-pyramid.ts";
import type { Handler } from "../handler.ts";

export const imageSize: Handler<"imageSize"> = async ({ path }) => {
  const { width, height } = await readImageHeader(path);
  return { width, height };
};

export const photoTiles: Handler<"photoTiles"> = async ({ path, folder, tilePx }) => {
  await writePhotoPyramid(path, folder, tilePx);
  return null;
};
