// Who should install a newer Node is told so.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { nodeAdvice } from "../../../../src-main/cli/run/node-advice.ts";

it.each(["18.20.8", "20.20.2", "22.16.9"])("a Node %s is too old", (version) => {
  expect(nodeAdvice(version)).toMatch(`Your Node ${version} is older than 22.17, the oldest that `);
});

it.each([undefined, "22.17.0", "22.23.3", "24.0.0", "26.1.0"])("a Node %s is not", (version) => {
  expect(nodeAdvice(version)).toBeNull();
});

it("names the version that package.json asks for", () => {
  const { engines } = JSON.parse(readFileSync(new URL("../../../../package.json", import.meta.url), "utf8")) as {
    engines: { node: string };
  };
  expect(engines.node).toBe("^22.17.0 || >=24");
});
