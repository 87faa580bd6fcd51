// Which command a key runs, and who gets the key.
import { afterEach, describe, expect, it } from "vitest";
import {
  type Command,
  combosFor,
  commandFor,
  commandsOf,
  registerCommands,
  sharingKeys,
  useCommandRegistry,
} from "../../../../src-renderer/state/commands.ts";
import { belongsToFocus, commandForPress, type Focus } from "../../../../src-renderer/state/key-dispatch.ts";

const NOWHERE: Focus = { takesText: false, takesArrows: false, takesActivation: false, isInDialog: false };
const PRESS = { code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, repeat: false };

function command(id: string, keys?: string, more: Partial<Command> = {}): Command {
  return { id, title: id, group: "Test", run: () => {}, ...(keys === undefined ? {} : { keys }), ...more };
}

describe("the registry", () => {
  afterEach(() => useCommandRegistry.setState({ entries: [], known: new Map() }));

  it("lets the later of two commands with one id count, and the earlier again when that goes", () => {
    registerCommands([command("a", "x")]);
    const unregister = registerCommands([command("a", "y")]);
    expect(commandsOf(useCommandRegistry.getState()).map(({ keys }) => keys)).toEqual(["y"]);
    unregister();
    expect(commandsOf(useCommandRegistry.getState()).map(({ keys }) => keys)).toEqual(["x"]);
  });

  it("remembers commands of closed screens, so that their keys can be changed", () => {
    registerCommands([command("a", "x")])();
    expect(commandsOf(useCommandRegistry.getState())).toEqual([]);
    expect([...useCommandRegistry.getState().known.keys()]).toEqual(["a"]);
  });
});

describe("the command of a combination", () => {
  it("is the one that was registered last, so that a screen may take a key of the window", () => {
    expect(commandFor("x", [command("window", "x"), command("screen", "x")], {})?.id).toBe("screen");
  });

  it("is one that is enabled", () => {
    const commands = [command("window", "x"), command("screen", "x", { isEnabled: () => false })];
    expect(commandFor("x", commands, {})?.id).toBe("window");
  });

  it("follows the user's keys, also when they are switched off", () => {
    expect(combosFor(command("a", "x"), { a: "mod+j" })).toEqual(["mod+j"]);
    expect(commandFor("x", [command("a", "x")], { a: "" })).toBeNull();
  });

  it("is not run again by a held key unless it asks for that", () => {
    const commands = [command("once", "x"), command("often", "y", { repeats: true })];
    const press = (key: string) => commandForPress({ ...PRESS, key, repeat: true }, NOWHERE, commands, {}, false);
    expect(press("x")).toBeNull();
    expect(press("y")?.id).toBe("often");
  });

  it("shares keys with others that are named", () => {
    const [a, b, c] = [command("a", "x, y"), command("b", "y"), command("c", "z")];
    expect(sharingKeys(a, [a, b, c], {}).map(({ id }) => id)).toEqual(["b"]);
  });
});

describe("who gets a key", () => {
  it.each<[string, string, Partial<Focus>, boolean]>([
    ["a letter typed into a field belongs to the field", "x", { takesText: true }, true],
    ["undo inside a field undoes typing", "mod+z", { takesText: true }, true],
    ["the palette opens from a field", "mod+shift+p", { takesText: true }, false],
    ["an arrow moves a slider", "left", { takesArrows: true }, true],
    ["a letter passes a slider", "x", { takesArrows: true }, false],
    ["Space presses a button", "space", { takesActivation: true }, true],
    ["Ctrl+Enter passes a button", "mod+enter", { takesActivation: true }, false],
    ["nothing reaches the screen behind a dialog", "mod+enter", { isInDialog: true }, true],
    ["everything is free on the bare page", "space", {}, false],
  ])("%s", (_, combo, focus, belongs) => {
    expect(belongsToFocus(combo, { ...NOWHERE, ...focus })).toBe(belongs);
  });
});
