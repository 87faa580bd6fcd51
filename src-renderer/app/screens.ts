// The screens by name: what the rail calls them, and the file each is loaded from when it is first shown.
import {
  IconAdjustmentsHorizontal,
  IconChartBar,
  IconChartLine,
  IconColumns2,
  IconCube,
  IconHistory,
  IconPalette,
  IconPhoto,
  IconSettings,
  type TablerIcon,
} from "@tabler/icons-react";
import { type ComponentType, lazy } from "react";
import type { Screen } from "../state/navigation.ts";

interface ScreenEntry {
  readonly title: string;
  readonly icon: TablerIcon;
  readonly keys: string;
  /** At the lower end of the rail: what is not a step of the work. */
  readonly isAside: boolean;
  readonly component: ComponentType;
}

export const SCREEN_TABLE: Readonly<Record<Screen, ScreenEntry>> = {
  datasets: {
    title: "Datasets",
    icon: IconPhoto,
    keys: "alt+1",
    isAside: false,
    component: lazy(async () => ({
      default: (await import("../features/datasets/datasets-screen.tsx")).DatasetsScreen,
    })),
  },
  adapt: {
    title: "Adapt",
    icon: IconAdjustmentsHorizontal,
    keys: "alt+2",
    isAside: false,
    component: lazy(async () => ({ default: (await import("../features/adapt/adapt-screen.tsx")).AdaptScreen })),
  },
  compare: {
    title: "Compare",
    icon: IconColumns2,
    keys: "alt+3",
    isAside: false,
    component: lazy(async () => ({ default: (await import("../features/compare/compare-screen.tsx")).CompareScreen })),
  },
  evaluate: {
    title: "Evaluate",
    icon: IconChartBar,
    keys: "alt+4",
    isAside: false,
    component: lazy(async () => ({
      default: (await import("../features/evaluate/evaluate-screen.tsx")).EvaluateScreen,
    })),
  },
  runs: {
    title: "Runs",
    icon: IconHistory,
    keys: "alt+5",
    isAside: false,
    component: lazy(async () => ({ default: (await import("../features/runs/runs-screen.tsx")).RunsScreen })),
  },
  checkpoints: {
    title: "Checkpoints",
    icon: IconCube,
    keys: "alt+6",
    isAside: false,
    component: lazy(async () => ({
      default: (await import("../features/checkpoints/checkpoints-screen.tsx")).CheckpointsScreen,
    })),
  },
  train: {
    title: "Train",
    icon: IconChartLine,
    keys: "alt+7",
    isAside: false,
    component: lazy(async () => ({ default: (await import("../features/train/train-screen.tsx")).TrainScreen })),
  },
  stylize: {
    title: "Stylize",
    icon: IconPalette,
    keys: "alt+8",
    isAside: false,
    component: lazy(async () => ({ default: (await import("../features/stylize/stylize-screen.tsx")).StylizeScreen })),
  },
  settings: {
    title: "Settings",
    icon: IconSettings,
    keys: "mod+comma",
    isAside: true,
    component: lazy(async () => ({
      default: (await import("../features/settings/settings-screen.tsx")).SettingsScreen,
    })),
  },
};
