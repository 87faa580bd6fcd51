// The one place that turns keys into commands.
import { type Command, commandFor, commandsOf, useCommandRegistry } from "./commands.ts";
import { comboOf, isMac, type KeyPress } from "./keys.ts";

/** What has the focus, as far as it decides who gets a key. */
export interface Focus {
  /** Typing goes into it. */
  readonly takesText: boolean;
  /** A slider, list, menu, tab or the like that arrows, Home and End move within. */
  readonly takesArrows: boolean;
  /** A button, link or check box that Space and Enter press. */
  readonly takesActivation: boolean;
  /** Inside a dialog, which commands of the screen behind it don't reach. */
  readonly isInDialog: boolean;
}

const ARROW_KEYS = ["left", "right", "up", "down", "home", "end", "pageup", "pagedown"];
const ACTIVATION_KEYS = ["space", "enter"];

/** Whether what has the focus wants this combination for itself. */
export function belongsToFocus(combo: string, focus: Focus): boolean {
  if (focus.isInDialog) return true;
  const parts = combo.split("+");
  const key = parts.at(-1) ?? "";
  const hasMod = parts.includes("mod");
  // Undo inside a text field undoes typing.
  if (focus.takesText) return !hasMod || ["z", "y", "a", "c", "v", "x", "left", "right"].includes(key);
  if (hasMod || parts.includes("alt")) return false;
  if (focus.takesArrows && ARROW_KEYS.includes(key)) return true;
  return focus.takesActivation && ACTIVATION_KEYS.includes(key);
}

const TEXT =
  "input:not([type=checkbox],[type=radio],[type=range],[type=button]),textarea,select,[contenteditable=true]";
const ARROWS =
  "[role=slider],[role=listbox],[role=option],[role=menu],[role=menuitem],[role=tab],[role=radiogroup],[role=grid],[role=combobox],input[type=range],input[type=radio]";
const ACTIVATION = "button,a[href],summary,[role=button],[role=gridcell],[role=checkbox],input[type=checkbox]";

export function focusOf(target: EventTarget | null): Focus {
  const element = target instanceof Element ? target : null;
  return {
    takesText: element?.matches(TEXT) ?? false,
    takesArrows: element?.closest(ARROWS) != null,
    takesActivation: element?.closest(ACTIVATION) != null,
    isInDialog: element?.closest("[role=dialog],[role=alertdialog]") != null,
  };
}

/** The command a key press means, or null. */
export function commandForPress(
  press: KeyPress & { readonly repeat: boolean },
  focus: Focus,
  commands: readonly Command[],
  chosen: Readonly<Record<string, string>>,
  mac: boolean,
): Command | null {
  const combo = comboOf(press, mac);
  if (belongsToFocus(combo, focus)) return null;
  const command = commandFor(combo, commands, chosen);
  return press.repeat && command?.repeats !== true ? null : command;
}

/** Listens to the window's keys until the returned function is called; `chosenKeys` are the user's own. */
export function dispatchKeys(chosenKeys: () => Readonly<Record<string, string>>): () => void {
  const mac = isMac(navigator.platform);
  // A held key is let go of by its own name: modifiers may be up by then.
  const held = new Map<string, Command>();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const commands = commandsOf(useCommandRegistry.getState());
    const command = commandForPress(event, focusOf(event.target), commands, chosenKeys(), mac);
    if (command === null) {
      if (event.repeat && held.has(event.code)) event.preventDefault();
      return;
    }
    event.preventDefault();
    if (command.release !== undefined) held.set(event.code, command);
    command.run();
  };
  const onKeyUp = (event: KeyboardEvent) => {
    held.get(event.code)?.release?.();
    held.delete(event.code);
  };
  const onBlur = () => {
    for (const command of held.values()) command.release?.();
    held.clear();
  };
  window.addEventListener("keydown", onKeyDown);
  window.addEventListener("keyup", onKeyUp);
  window.addEventListener("blur", onBlur);
  return () => {
    window.removeEventListener("keydown", onKeyDown);
    window.removeEventListener("keyup", onKeyUp);
    window.removeEventListener("blur", onBlur);
  };
}
