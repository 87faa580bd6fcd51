// How key presses are written, read and shown.
import { describe, expect, it } from "vitest";
import { comboOf, combosOf, type KeyPress, normalizedCombo, shownCombo } from "../../../../src-renderer/state/keys.ts";

const PLAIN: KeyPress = { key: "a", code: "KeyA", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe("comboOf", () => {
  it.each([
    ["a letter", { key: "a" }, "a"],
    ["a capital letter", { key: "A", shiftKey: true }, "shift+a"],
    ["Ctrl with Shift", { key: "P", ctrlKey: true, shiftKey: true }, "mod+shift+p"],
    ["a sign, wherever it lies", { key: "?", shiftKey: true }, "?"],
    ["an arrow", { key: "ArrowLeft", shiftKey: true }, "shift+left"],
    ["the space bar", { key: " " }, "space"],
    ["plus", { key: "+", shiftKey: true }, "plus"],
    ["a digit with Shift on another keyboard", { key: "1", shiftKey: true }, "shift+1"],
  ])("writes %s", (_, press, combo) => {
    expect(comboOf({ ...PLAIN, ...press }, false)).toBe(combo);
  });

  it("takes Cmd for mod on a Mac, and Ctrl for itself", () => {
    expect(comboOf({ ...PLAIN, metaKey: true }, true)).toBe("mod+a");
    expect(comboOf({ ...PLAIN, ctrlKey: true }, true)).toBe("ctrl+a");
  });

  it("takes the key's place where Alt changes its sign", () => {
    expect(comboOf({ ...PLAIN, key: "¡", code: "Digit1", altKey: true }, true)).toBe("alt+1");
  });
});

describe("combosOf", () => {
  it("reads several combinations and puts modifiers in order", () => {
    expect(combosOf("shift+mod+z, mod+y")).toEqual(["mod+shift+z", "mod+y"]);
  });

  it("has none for an empty text and drops what is no combination", () => {
    expect(combosOf("")).toEqual([]);
    expect(combosOf(undefined)).toEqual([]);
    expect(normalizedCombo("mod+")).toBeNull();
    expect(normalizedCombo("hyper+a")).toBeNull();
  });
});

describe("shownCombo", () => {
  it("names the keys as the keyboard does", () => {
    expect(shownCombo("mod+shift+p", false)).toEqual(["Ctrl", "Shift", "P"]);
    expect(shownCombo("mod+shift+p", true)).toEqual(["⌘", "⇧", "P"]);
    expect(shownCombo("left", false)).toEqual(["←"]);
    expect(shownCombo("mod+comma", false)).toEqual(["Ctrl", ","]);
  });
});
