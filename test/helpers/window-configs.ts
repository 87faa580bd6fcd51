// Windows for property tests: none, or any that can slide.
import fc from "fast-check";
import { type WindowConfig, windowConfigSchema } from "../../src-shared/contract/adaptation-config.ts";

const sides = fc.tuple(fc.integer({ min: 16, max: 4096 }), fc.integer({ min: 16, max: 4096 }));

/** Where there is no window, the overlap is the default: nothing else is written out. */
export const windowConfigs: fc.Arbitrary<WindowConfig> = fc.oneof(
  fc.constant(windowConfigSchema.parse({})),
  sides.chain(([height, width]) =>
    fc.record({
      window: fc.constant<number[]>([height, width]),
      overlap: fc.integer({ min: 0, max: Math.min(height, width) - 1 }),
    }),
  ),
);
