// Prints the results of Vitest and Playwright as one plain line, such as "12 passed, 0 failed, 3 skipped".
// Usage: node scripts/print-test-summary.ts VITEST.json PLAYWRIGHT.json
import { existsSync, readFileSync } from "node:fs";

interface VitestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { status: string }[];
  }[];
}

interface PlaywrightResults {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
  /** What went wrong outside of any test. */
  readonly errors: readonly unknown[];
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

function fromVitest(results: VitestResults): Counts {
  // A file that fails before its first test, for a missing import, has no failed test: it counts as one.
  const brokenFiles = results.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
  );
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + brokenFiles.length,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}

function fromPlaywright({ stats, errors }: PlaywrightResults): Counts {
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length, skipped: stats.skipped };
}

function read<Results>(path: string, countsOf: (results: Results) => Counts): Counts | null {
  return existsSync(path) ? countsOf(JSON.parse(readFileSync(path, "utf8")) as Results) : null;
}

const [, , vitestPath = "", playwrightPath = ""] = process.argv;
const counts = [read(vitestPath, fromVitest), read(playwrightPath, fromPlaywright)].filter((part) => part !== null);

if (counts.length === 0) {
  console.error("No test ran: see above for what failed before them.");
  process.exitCode = 1;
} else {
  const sum = (of: (part: Counts) => number): number => counts.reduce((total, part) => total + of(part), 0);
  console.log(
    `${sum((part) => part.passed)} passed, ${sum((part) => part.failed)} failed, ${sum((part) => part.skipped)} skipped`,
  );
}
