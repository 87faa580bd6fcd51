// Which packages may run a script while `npm ci` installs them: newer versions of npm read it in package.json, others in the lock file.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const json = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), "utf8")) as T;

it("only those that allowScripts allows are marked in the lock file", () => {
  const { allowScripts } = json<{ allowScripts: Record<string, boolean> }>("package.json");
  const { packages } = json<{ packages: Record<string, { hasInstallScript?: boolean }> }>("package-lock.json");
  const marked = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript === true);
  const names = marked.map(([path]) => path.split("node_modules/").at(-1));
  // `npm install` marks a package anew when it fetches another version: take "hasInstallScript" out again.
  expect(names.sort()).toEqual(
    Object.keys(allowScripts)
      .filter((name) => allowScripts[name] === true)
      .sort(),
  );
});
