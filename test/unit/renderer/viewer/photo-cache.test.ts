// Photographs that can't be had: each failure is a sentence for the pane, and is tried again at the next look.
import { afterEach, expect, it, vi } from "vitest";
import { PhotoCache } from "../../../../src-renderer/viewer/photo-cache.ts";

afterEach(() => vi.unstubAllGlobals());

it("says in its own words that an image can't be decoded, and tries again when asked again", async () => {
  vi.stubGlobal("fetch", async () => new Response("half a picture"));
  const decode = vi.fn(async () => Promise.reject(new Error("The source image could not be decoded.")));
  vi.stubGlobal("createImageBitmap", decode);
  const photos = new PhotoCache();
  const sentence = "The image is damaged or incomplete; get the file again.";
  await expect(photos.get("/images/1")).rejects.toThrow(sentence);
  await expect(photos.get("/images/1")).rejects.toThrow(sentence);
  expect(decode).toHaveBeenCalledTimes(2);
});

it("passes on what the server says", async () => {
  vi.stubGlobal("fetch", async () => new Response('"a.png" is not there any more.\n', { status: 404 }));
  await expect(new PhotoCache().get("/images/1")).rejects.toThrow('"a.png" is not there any more.');
});
