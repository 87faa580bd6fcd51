// Every layout that is known, in the order in which a folder is tried.
import type { DatasetLayout } from "../../../src-shared/contract/dataset.ts";
import type { LayoutReader } from "./layout.ts";
import { ACDC } from "./layouts/acdc.ts";
import { ACDC_REFERENCE } from "./layouts/acdc-reference.ts";
import { BDD100K } from "./layouts/bdd100k.ts";
import { BDD100K_NIGHT } from "./layouts/bdd100k-night.ts";
import { CITYSCAPES } from "./layouts/cityscapes.ts";
import { DARK_ZURICH } from "./layouts/dark-zurich.ts";
import { DOMAINS } from "./layouts/domains.ts";
import { FOGGY_CITYSCAPES } from "./layouts/foggy-cityscapes.ts";
import { GTA5 } from "./layouts/gta5.ts";
import { IDD } from "./layouts/idd.ts";
import { IMAGES } from "./layouts/images.ts";
import { LABELLED_IMAGES } from "./layouts/labelled-images.ts";
import { MAPILLARY } from "./layouts/mapillary.ts";
import { NIGHTTIME_DRIVING } from "./layouts/nighttime-driving.ts";
import { RAIN_CITYSCAPES } from "./layouts/rain-cityscapes.ts";
import { SYNTHIA } from "./layouts/synthia.ts";
import { WILDDASH } from "./layouts/wilddash.ts";

/** Those that look like others with something more come first: IDD has Cityscapes' folders, and numbers for cities. */
export const LAYOUTS: { readonly [L in DatasetLayout]: LayoutReader } = {
  "dark-zurich": DARK_ZURICH,
  acdc: ACDC,
  "acdc-reference": ACDC_REFERENCE,
  "nighttime-driving": NIGHTTIME_DRIVING,
  idd: IDD,
  synthia: SYNTHIA,
  cityscapes: CITYSCAPES,
  "foggy-cityscapes": FOGGY_CITYSCAPES,
  "rain-cityscapes": RAIN_CITYSCAPES,
  mapillary: MAPILLARY,
  wilddash: WILDDASH,
  "bdd100k-night": BDD100K_NIGHT,
  bdd100k: BDD100K,
  gta5: GTA5,
  domains: DOMAINS,
  "labelled-images": LABELLED_IMAGES,
  images: IMAGES,
};
