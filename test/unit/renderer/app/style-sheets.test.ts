// The style sheets of all screens that have been opened hold at once: no two may mean different things by one name.
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** A rule for one class alone, as opposed to a class inside another component's. */
const OWN_RULE = /^\.([\w-]+) \{/gm;

test("a class gets its own rule in one style sheet only", () => {
  const owners = new Map<string, Set<string>>();
  for (const path of globSync("src-renderer/**/*.css")) {
    for (const [, name = ""] of readFileSync(path, "utf8").matchAll(OWN_RULE)) {
      owners.set(name, (owners.get(name) ?? new Set()).add(path));
    }
  }
  expect(owners.size).toBeGreaterThan(100);
  expect([...owners].filter(([, paths]) => paths.size > 1)).toEqual([]);
});
