// The look: one accent colour, quiet greys, small type, and no style sheet that a strict content policy would refuse.
import {
  type CSSVariablesResolver,
  convertCssVariables,
  createTheme,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  mergeMantineTheme,
} from "@mantine/core";

/** A calm teal: far from reds and greens that mean something here, and from most class colours. */
const ACCENT: MantineColorsTuple = [
  "#e4f8f5",
  "#c5eee8",
  "#99e0d6",
  "#6ad0c2",
  "#43bfae",
  "#26a898",
  "#158c7e",
  "#0b7268",
  "#0b5b54",
  "#0a4842",
];

/** Dark greys with a breath of blue: text, then dimmed text, lines, controls, panels, the ground. */
const DARK: MantineColorsTuple = [
  "#e3e6eb",
  "#c4cad3",
  "#98a2b0",
  "#7b8694",
  "#343b46",
  "#262c35",
  "#1d222a",
  "#161a20",
  "#0f1216",
  "#0a0c0f",
];

/** Tooltips for the keyboard as well as for the mouse. */
const TOOLTIP_EVENTS = { hover: true, focus: true, touch: false } as const;

export const theme = createTheme({
  colors: { accent: ACCENT, dark: DARK },
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 4 },
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    if (input.variant !== "filled") return colors;
    // White on the bright accent of the dark theme can't be read.
    if (input.color === undefined || input.color === "accent") return { ...colors, color: "var(--on-accent)" };
    return { ...colors, background: "var(--danger)", hover: "var(--danger)", color: "var(--on-accent)" };
  },
  // What systems ship, best first; "system-ui" comes late, since on bare Linux machines it is a wide fallback.
  fontFamily:
    '-apple-system, BlinkMacSystemFont, "Segoe UI", Inter, Cantarell, Ubuntu, Roboto, "Noto Sans", "Liberation Sans", "Helvetica Neue", Arial, system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: "0.8125rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  fontWeights: { regular: "400", medium: "500", bold: "600" },
  headings: { fontWeight: "600" },
  radius: { xs: "3px", sm: "5px", md: "7px", lg: "10px", xl: "16px" },
  defaultRadius: "sm",
  spacing: { xs: "4px", sm: "8px", md: "16px", lg: "24px", xl: "32px" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    // The page itself never scrolls, so nothing needs to be locked; locking would add a style sheet at run time.
    Modal: { defaultProps: { lockScroll: false, radius: "md", centered: true, transitionProps: { duration: 120 } } },
    Drawer: { defaultProps: { lockScroll: false } },
    Tooltip: { defaultProps: { openDelay: 400, fz: 12, transitionProps: { duration: 80 }, events: TOOLTIP_EVENTS } },
    ActionIcon: { defaultProps: { size: 28 } },
    Button: { defaultProps: { size: "xs" } },
    TextInput: { defaultProps: { size: "xs" } },
    Textarea: { defaultProps: { size: "xs" } },
    Select: { defaultProps: { size: "xs" } },
    MultiSelect: { defaultProps: { size: "xs" } },
    Autocomplete: { defaultProps: { size: "xs" } },
    SegmentedControl: { defaultProps: { size: "xs" } },
    Checkbox: { defaultProps: { size: "xs" } },
    Switch: { defaultProps: { size: "xs" } },
    Radio: { defaultProps: { size: "xs" } },
    Slider: { defaultProps: { size: 4, thumbSize: 14 } },
    Chip: { defaultProps: { size: "xs", radius: "sm" } },
    Badge: { defaultProps: { variant: "light", radius: "sm", size: "sm" } },
    Menu: { defaultProps: { shadow: "md", transitionProps: { duration: 80 } } },
    Popover: { defaultProps: { shadow: "md", transitionProps: { duration: 80 } } },
    Progress: { defaultProps: { size: 4 } },
  },
});

/** Colours of our own that style sheets use, over those of the components. */
const cssVariables: CSSVariablesResolver = (resolved) => {
  const { variables, dark, light } = defaultCssVariablesResolver(resolved);
  return {
    variables: {
      ...variables,
      "--accent": "var(--mantine-primary-color-filled)",
      "--mantine-primary-color-contrast": "var(--on-accent)",
    },
    dark: {
      ...dark,
      "--canvas": DARK[8],
      "--panel": DARK[7],
      "--raised": DARK[6],
      "--hover": DARK[5],
      "--line": "#262c35",
      "--line-strong": "#3a424e",
      "--text": DARK[0],
      "--text-dim": DARK[2],
      "--on-accent": "#06201d",
      "--accent-text": ACCENT[3],
      "--accent-soft": "rgb(67 191 174 / 14%)",
      "--danger": "#ff8a80",
      "--warning": "#f2b84b",
      "--success": "#6fcf8e",
      "--mantine-color-body": DARK[7],
      "--mantine-color-text": DARK[0],
      "--mantine-color-dimmed": DARK[2],
      "--mantine-color-placeholder": DARK[3],
      "--mantine-color-default": DARK[6],
      "--mantine-color-default-hover": DARK[5],
      "--mantine-color-default-border": "#313843",
      "--mantine-color-error": "#ff8a80",
    },
    light: {
      ...light,
      "--canvas": "#f4f6f8",
      "--panel": "#ffffff",
      "--raised": "#f6f8fa",
      "--hover": "#eceff3",
      "--line": "#e3e7ec",
      "--line-strong": "#c9d0d9",
      "--text": "#1b2129",
      "--text-dim": "#586373",
      "--on-accent": "#ffffff",
      "--accent-text": ACCENT[7],
      "--accent-soft": "rgb(11 114 104 / 10%)",
      "--danger": "#c0271d",
      "--warning": "#8f5b00",
      "--success": "#1c7c3f",
      "--mantine-color-body": "#ffffff",
      "--mantine-color-text": "#1b2129",
      "--mantine-color-dimmed": "#586373",
      "--mantine-color-placeholder": "#6b7686",
      "--mantine-color-default-border": "#d3d9e1",
      "--mantine-color-error": "#c0271d",
    },
  };
};

/**
 * Gives the page the theme's variables. As a constructed style sheet: a `<style>` element, which Mantine would write,
 * is refused by `style-src 'self'`.
 */
export function adoptThemeVariables(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(convertCssVariables(cssVariables(mergeMantineTheme(DEFAULT_THEME, theme))));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
