// How the tests run: unit and golden tests in Node, one file at a time per core because the engine uses all cores itself.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/unit/**/*.test.ts", "test/golden/**/*.test.ts", "test/e2e/**/*.test.ts"],
    // Far above what any test takes: a limit only ends what hangs, and a slow or busy machine takes many times as long.
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
    expect: { poll: { timeout: 1_200_000 } },
    globalSetup: ["test/helpers/build-once.ts"],
    pool: "forks",
    maxWorkers: 2,
    reporters: ["default", "json"],
    outputFile: { json: "out/test-results.json" },
  },
});
