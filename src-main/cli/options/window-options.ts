// The options of prediction window by window.
import type { Command } from "commander";
import {
  type FitConfig,
  fitConfigSchema,
  type WindowConfig,
  windowConfigSchema,
} from "../../../src-shared/contract/adaptation-config.ts";
import { slidingWindowOf } from "../../engine/methods/sliding-window/window-grid.ts";
import { checkedFlags } from "./flag-values.ts";
import { addParameterOptions } from "./parameter-options.ts";

export function addWindowOptions(command: Command): Command {
  return addParameterOptions(command, windowConfigSchema);
}

/** Of prediction in mmsegmentation's test pipeline. */
export function addFitOption(command: Command): Command {
  return addParameterOptions(command, fitConfigSchema);
}

export function checkedFit(values: Readonly<Record<string, unknown>>): FitConfig {
  return checkedFlags(fitConfigSchema, values);
}

/** Window and overlap among the values of flags. @throws AppError `input.option`, also for a window that would never move on */
export function checkedWindow(values: Readonly<Record<string, unknown>>): WindowConfig {
  const config = checkedFlags(windowConfigSchema, values);
  slidingWindowOf(config);
  return config;
}
