// Key combinations: how they are written in settings, matched against events and shown to people.

/** Of a keyboard event, what decides. */
export interface KeyPress {
  readonly key: string;
  /** The key's place, such as "Digit1": with Alt, a Mac types another sign. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const MODIFIERS = ["mod", "ctrl", "alt", "shift"] as const;
/** Written names of keys whose `key` is a sign or a word with capitals. */
const KEY_NAMES: Readonly<Record<string, string>> = {
  " ": "space",
  "+": "plus",
  ",": "comma",
  arrowleft: "left",
  arrowright: "right",
  arrowup: "up",
  arrowdown: "down",
};

/** "mod" is Cmd on a Mac and Ctrl elsewhere. */
export function isMac(platform: string): boolean {
  return /mac|iphone|ipad/i.test(platform);
}

/**
 * The combination of an event as it is written: "mod+shift+p", "?", "left". Shift is left out of signs that need it,
 * since "?" is "?" on every keyboard while the key it lies on is not.
 */
export function comboOf(press: KeyPress, mac: boolean): string {
  const place = press.altKey ? /^(?:Digit|Key)(.)$/.exec(press.code)?.[1] : undefined;
  const lower = (place ?? press.key).toLowerCase();
  const name = KEY_NAMES[lower] ?? lower;
  const mod = mac ? press.metaKey : press.ctrlKey;
  const ctrl = mac && press.ctrlKey;
  const isSign = lower.length === 1 && lower === lower.toUpperCase() && !/[0-9 ]/.test(lower);
  const shift = press.shiftKey && !isSign;
  return [mod && "mod", ctrl && "ctrl", press.altKey && "alt", shift && "shift", name].filter(Boolean).join("+");
}

/** One written combination in the order `comboOf` writes it; null when it is none. */
export function normalizedCombo(text: string): string | null {
  const parts = text.trim().toLowerCase().split("+");
  const key = parts.pop();
  if (key === undefined || key === "" || MODIFIERS.some((modifier) => modifier === key)) return null;
  if (parts.some((part) => !MODIFIERS.some((modifier) => modifier === part))) return null;
  return [...MODIFIERS.filter((modifier) => parts.includes(modifier)), KEY_NAMES[key] ?? key].join("+");
}

/** The combinations of a command: written with ", " between them. */
export function combosOf(keys: string | undefined): readonly string[] {
  if (keys === undefined) return [];
  return keys.split(",").flatMap((part) => normalizedCombo(part) ?? []);
}

const SHOWN: Readonly<Record<string, string>> = {
  ctrl: "Ctrl",
  alt: "Alt",
  shift: "Shift",
  left: "←",
  right: "→",
  up: "↑",
  down: "↓",
  space: "Space",
  plus: "+",
  comma: ",",
  escape: "Esc",
  enter: "Enter",
  delete: "Del",
};
const SHOWN_ON_MAC: Readonly<Record<string, string>> = { mod: "⌘", ctrl: "⌃", alt: "⌥", shift: "⇧" };

/** The parts of a combination as keyboards label them: ["Ctrl", "Shift", "P"]. */
export function shownCombo(combo: string, mac: boolean): readonly string[] {
  return combo.split("+").map((part) => {
    if (mac && SHOWN_ON_MAC[part] !== undefined) return SHOWN_ON_MAC[part];
    if (part === "mod") return "Ctrl";
    return SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part.charAt(0).toUpperCase() + part.slice(1));
  });
}
