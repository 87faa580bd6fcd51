// The saved settings: read from the cache, changed at once, written one after another.
import { useQuery } from "@tanstack/react-query";
import { type Settings, settingsSchema } from "../../src-shared/contract/workbench/system.ts";
import { api } from "./api.ts";
import { type Display, setDisplay, useDisplay } from "./display.ts";
import { queries } from "./queries.ts";
import { queryClient } from "./query-client.ts";

export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({});

/** The settings, the built-in ones until they have been read. */
export function useSettings(): Settings {
  return useQuery(queries.settings()).data ?? DEFAULT_SETTINGS;
}

export function currentSettings(): Settings {
  return queryClient.getQueryData(queries.settings().queryKey) ?? DEFAULT_SETTINGS;
}

let lastSave: Promise<unknown> = Promise.resolve();
/** Changes that the server has not taken in yet, in order. */
let unsaved: readonly Partial<Settings>[] = [];

/** What the server has, with the changes of this window that it has not heard of yet. */
export function withUnsaved(settings: Settings): Settings {
  return Object.assign({}, settings, ...unsaved);
}

/** Changes what is named: shown at once, saved in order. @throws what the server says when it can't save */
export function saveSettings(change: Partial<Settings>): Promise<void> {
  const { queryKey } = queries.settings();
  unsaved = [...unsaved, change];
  const save = async (): Promise<void> => {
    // Settings that were never read must not be replaced by the built-in ones.
    const known = await queryClient.ensureQueryData(queries.settings());
    await api.system.setSettings.mutate({ ...known, ...change });
  };
  const saved = lastSave.then(save).finally(() => {
    unsaved = unsaved.filter((other) => other !== change);
  });
  lastSave = saved.catch(() => queryClient.invalidateQueries({ queryKey }));
  queryClient.setQueryData<Settings>(queryKey, (known) => known && { ...known, ...change });
  return saved;
}

/** A slider sends many values; the last one is worth saving. */
const SAVE_DELAY_MS = 600;

/** What of the viewers' display the settings remember, by its names there. */
function remembered({ palette, opacity, hasPatterns }: Display) {
  return { palette, overlayOpacity: opacity, classPatterns: hasPatterns } satisfies Partial<Settings>;
}

/** Keeps the display of the viewers and of the settings the same, until the returned function is called. */
export function keepDisplaySaved(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isSaved = ({ palette, overlayOpacity, classPatterns }: Settings, display: Display): boolean => {
    const wanted = remembered(display);
    return (
      wanted.palette === palette && wanted.overlayOpacity === overlayOpacity && wanted.classPatterns === classPatterns
    );
  };
  const fromSettings = () => {
    const settings = queryClient.getQueryData(queries.settings().queryKey);
    if (settings === undefined || timer !== undefined || isSaved(settings, useDisplay.getState())) return;
    const { palette, overlayOpacity: opacity, classPatterns: hasPatterns } = settings;
    setDisplay({ palette, opacity, hasPatterns });
  };
  const save = () => {
    timer = undefined;
    const display = useDisplay.getState();
    if (!isSaved(currentSettings(), display)) saveSettings(remembered(display)).catch(() => {});
  };
  const unsubscribeCache = queryClient.getQueryCache().subscribe(({ query }) => {
    if (query.queryKey[0] === "settings") fromSettings();
  });
  const unsubscribeDisplay = useDisplay.subscribe((display, before) => {
    if (
      JSON.stringify(remembered(display)) === JSON.stringify(remembered(before)) ||
      isSaved(currentSettings(), display)
    )
      return;
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_DELAY_MS);
  });
  fromSettings();
  return () => {
    unsubscribeCache();
    unsubscribeDisplay();
    clearTimeout(timer);
  };
}
