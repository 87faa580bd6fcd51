// How the tests run: unit and golden tests in Node, one file at a time per core because the engine uses all cores itself.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/unit/**/*.test.ts", "test/golden/**/*.test.ts", "test/e2e/**/*.test.ts"],
    // Generous: a time limit here only ends what hangs, and golden cases are slow on a busy machine.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    pool: "forks",
    maxWorkers: 2,
    reporters: ["default", "json"],
    outputFile: { json: "out/test-results.json" },
  },
});
