// Prints Vitest's result as one plain line, such as "12 passed, 0 failed, 3 skipped".
// Usage: node scripts/print-test-summary.ts RESULTS.json
import { existsSync, readFileSync } from "node:fs";

interface TestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { status: string }[];
  }[];
}

const [, , path = ""] = process.argv;

if (existsSync(path)) {
  const results = JSON.parse(readFileSync(path, "utf8")) as TestResults;
  // A file that fails before its first test, for a missing import, has no failed test: it counts as one.
  const brokenFiles = results.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
  );
  const failed = results.numFailedTests + brokenFiles.length;
  const skipped = results.numPendingTests + results.numTodoTests;
  console.log(`${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
} else {
  console.error("No test ran: see above for what failed before them.");
  process.exitCode = 1;
}
