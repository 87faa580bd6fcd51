// The lists and choices of the settings.
import { describe, expect, it } from "vitest";
import { providerChoices } from "../../../../src-renderer/features/settings/compute-choices.ts";
import { renamed, withKeys } from "../../../../src-renderer/features/settings/entries.ts";

describe("the devices to choose from", () => {
  const devices = [
    { runtime: "onnx", provider: "cpu", isAvailable: true, note: "" },
    { runtime: "onnx", provider: "cuda", isAvailable: false, note: "" },
    { runtime: "tfjs", provider: "cpu", isAvailable: true, note: "" },
  ];

  it("are those that work, each once", () => {
    expect(providerChoices(devices, "auto", "auto")).toEqual(["auto", "cpu"]);
  });

  it("include the chosen one where it is not there now", () => {
    expect(providerChoices(devices, "onnx", "cuda")).toEqual(["auto", "cpu", "cuda"]);
  });
});

describe("saved entries", () => {
  it("are renamed unless the name is empty or taken", () => {
    const list = [{ name: "a" }, { name: "b" }];
    expect(renamed(list, "a", " c ")).toEqual([{ name: "c" }, { name: "b" }]);
    expect(renamed(list, "a", "b")).toEqual(list);
    expect(renamed(list, "a", " ")).toEqual(list);
  });

  it("hold keys only where they differ from the built-in ones", () => {
    expect(withKeys({ a: "x" }, "b", "y")).toEqual({ a: "x", b: "y" });
    expect(withKeys({ a: "x" }, "a", null)).toEqual({});
    expect(withKeys({}, "a", "")).toEqual({ a: "" });
  });
});
