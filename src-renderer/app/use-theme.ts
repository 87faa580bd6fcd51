// Follows the theme of the settings: dark, light, or the system's.
import { useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { queries } from "../state/queries.ts";

/** Switching them off for a moment would need a style sheet that the page's content policy refuses. */
export const KEEP_TRANSITIONS = { keepTransitions: true };

export function useTheme(): void {
  const theme = useQuery(queries.settings()).data?.theme;
  const { setColorScheme } = useMantineColorScheme(KEEP_TRANSITIONS);
  useEffect(() => {
    if (theme !== undefined) setColorScheme(theme);
  }, [theme, setColorScheme]);
}
