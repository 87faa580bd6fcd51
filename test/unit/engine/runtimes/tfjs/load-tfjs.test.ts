// Which TensorFlow.js is picked: what is installed, what is broken, what is named.
import * as pure from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import type { Tfjs } from "../../../../../src-main/engine/graph/types.ts";
import { loadTfjs, type TfjsSource } from "../../../../../src-main/engine/runtimes/tfjs/load-tfjs.ts";

const notInstalled = (name: string) =>
  Object.assign(new Error(`Cannot find package '${name}' imported from here`), { code: "ERR_MODULE_NOT_FOUND" });
const missingBinary = new Error(
  "The Node.js native addon module (tfjs_binding.node) can not be found at path: x.\nRun y",
);

/** A machine where each package is a module, or fails to load, or is not there. */
function machine(packages: Readonly<Record<string, unknown>>, modulePath?: string): TfjsSource {
  return {
    modulePath,
    import: (name) => {
      const found = packages[name] ?? notInstalled(name);
      return found instanceof Error ? Promise.reject(found) : Promise.resolve(found);
    },
  };
}

/** TensorFlow.js as it looks with the native library behind it. */
function native(isUsingGpuDevice: boolean): { default: Partial<Tfjs> } {
  const { tensor } = pure;
  return {
    default: {
      tensor,
      enableProdMode: () => undefined,
      ready: () => Promise.resolve(),
      getBackend: () => "tensorflow",
      backend: (() => ({ isUsingGpuDevice })) as unknown as Tfjs["backend"],
      version: { ...pure.version, "tfjs-node": "9.9.9" } as Tfjs["version"],
    },
  };
}

describe("loadTfjs", () => {
  test("prefers the package for graphics cards", async () => {
    const source = machine({
      "@tensorflow/tfjs-node-gpu": native(true),
      "@tensorflow/tfjs-node": native(false),
      "@tensorflow/tfjs": pure,
    });
    expect(await loadTfjs(source)).toMatchObject({ provider: "cuda", version: "9.9.9", note: "" });
  });

  test("reports the processor when that package finds no graphics card", async () => {
    expect(await loadTfjs(machine({ "@tensorflow/tfjs-node-gpu": native(false) }))).toMatchObject({ provider: "cpu" });
  });

  test("passes over a package whose native binary is missing, and says so", async () => {
    const source = machine({ "@tensorflow/tfjs-node-gpu": missingBinary, "@tensorflow/tfjs-node": native(false) });
    const { provider, note } = await loadTfjs(source);
    expect(provider).toBe("cpu");
    expect(note).toMatch(
      /^@tensorflow\/tfjs-node-gpu is installed but does not load: .*tfjs_binding\.node.*at path: x\.$/,
    );
  });

  test("falls back to plain JavaScript, and says that it is slow and what to install", async () => {
    const { provider, note } = await loadTfjs(machine({ "@tensorflow/tfjs": pure }));
    expect(provider).toBe("javascript");
    expect(note).toContain("plain JavaScript");
    expect(note).toContain("install @tensorflow/tfjs-node-gpu or @tensorflow/tfjs-node");
  });

  test("tells a package that misses a part of itself from one that is not there", async () => {
    const source = machine({ "@tensorflow/tfjs-node": notInstalled("@mapbox/node-pre-gyp"), "@tensorflow/tfjs": pure });
    expect((await loadTfjs(source)).note).toContain("@tensorflow/tfjs-node is installed but does not load");
  });

  test("uses the named module and nothing else", async () => {
    const source = machine({ "/opt/tfjs/index.js": native(true), "@tensorflow/tfjs": pure }, "/opt/tfjs/index.js");
    expect(await loadTfjs(source)).toMatchObject({ provider: "cuda" });
  });

  test("refuses a named module that does not load", async () => {
    await expect(loadTfjs(machine({ "@tensorflow/tfjs": pure }, "/opt/tfjs/index.js"))).rejects.toMatchObject({
      code: "runtime.unavailable",
      message: expect.stringContaining('ACCLIMATE_TFJS_MODULE names "/opt/tfjs/index.js", which does not load'),
    });
  });

  test("refuses a named module that is something else", async () => {
    await expect(loadTfjs(machine({ fs: {} }, "fs"))).rejects.toThrow("it exports no tensors");
  });
});
