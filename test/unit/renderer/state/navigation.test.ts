// The place in the address, and what counts as a stop on the way back.
import { describe, expect, it } from "vitest";
import { FIRST_PLACE, hashFromPlace, isNewStop, placeFromHash } from "../../../../src-renderer/state/navigation.ts";
import { datasetIdSchema, imageIdSchema } from "../../../../src-shared/contract/workbench/ids.ts";

const datasetId = datasetIdSchema.parse("dataset1");
const imageId = imageIdSchema.parse("image0001");

describe("the place in the address", () => {
  it("comes back from the address it was written to", () => {
    const place = { ...FIRST_PLACE, screen: "adapt" as const, datasetId, imageId };
    expect(hashFromPlace(place)).toBe("#/adapt?dataset=dataset1&image=image0001");
    expect(placeFromHash(hashFromPlace(place))).toEqual(place);
  });

  it("is the first one for an empty address", () => {
    expect(placeFromHash("")).toEqual(FIRST_PLACE);
  });

  it("leaves out screens and ids that make no sense", () => {
    expect(placeFromHash("#/nowhere?dataset=../etc&image=image0001")).toEqual({ ...FIRST_PLACE, imageId });
  });

  it("makes a stop for a screen and a dataset, not for an image", () => {
    const adapt = { ...FIRST_PLACE, screen: "adapt" as const };
    expect(isNewStop(FIRST_PLACE, adapt)).toBe(true);
    expect(isNewStop(FIRST_PLACE, { ...FIRST_PLACE, datasetId })).toBe(true);
    expect(isNewStop(adapt, { ...adapt, imageId })).toBe(false);
  });
});
