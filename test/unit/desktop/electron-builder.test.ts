// The package configuration is one that electron-builder accepts, with the fuses and the unpacked parts that it needs.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ROOT } from "../../helpers/run-cli.ts";

interface Configuration {
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly asarUnpack: readonly string[];
  readonly directories: { readonly buildResources: string };
  readonly fileAssociations: readonly { readonly rank: string }[];
}

// Not part of its published interface: these are what its command line reads and checks the file with.
const require = createRequire(import.meta.url);
const { getConfig, validateConfiguration } = require("app-builder-lib/out/util/config/config.js");
const { DebugLogger } = require("builder-util");

let configuration: Configuration;
beforeAll(async () => {
  configuration = await getConfig(ROOT, null, null);
});

test("electron-builder.yml is valid", async () => {
  await expect(validateConfiguration(configuration, new DebugLogger(false))).resolves.toBeUndefined();
});

test("an unknown key would be noticed", async () => {
  const wrong = { ...configuration, electronFuse: {} };
  await expect(validateConfiguration(wrong, new DebugLogger(false))).rejects.toThrow("electronFuse");
});

test("the packaged program is no Node, takes no debugger and loads only its own archive", () => {
  expect(configuration.electronFuses).toMatchObject({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableCookieEncryption: true,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
  });
});

test("native parts lie outside of the archive, and the icon is there", () => {
  expect(configuration.asarUnpack.join("\n")).toMatch(/sharp[\s\S]*onnxruntime-node/);
  expect(existsSync(join(ROOT, configuration.directories.buildResources, "icon.png"))).toBe(true);
});

test("checkpoints are offered to the program, not taken over", () => {
  expect(configuration.fileAssociations.map(({ rank }) => rank)).toEqual(["Alternate"]);
});
