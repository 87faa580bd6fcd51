// What lies around the images of every screen.
import { useComputedColorScheme } from "@mantine/core";
import type { Palette } from "../../src-shared/labels/palettes.ts";

/** Darker than the panel in the dark, and not white in the light: neither changes how colours look. */
const BACKGROUNDS: Readonly<Record<"dark" | "light", Palette[number]>> = { dark: [10, 12, 15], light: [226, 230, 235] };

export function useStageBackground(): Palette[number] {
  return BACKGROUNDS[useComputedColorScheme("dark")];
}
