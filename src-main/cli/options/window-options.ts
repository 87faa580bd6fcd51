// The options of prediction window by window.
import type { Command } from "commander";
import { type WindowConfig, windowConfigSchema } from "../../../src-shared/contract/adaptation-config.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { slidingWindowOf } from "../../engine/methods/sliding-window/window-grid.ts";
import { checkedFlags, numberFrom } from "./flag-values.ts";

export function addWindowOptions(command: Command): Command {
  return command
    .optionsGroup("Sliding window")
    .option(
      "--window <HxW>",
      "predict at full resolution, window by window of this height and width, such as 512x1024 (default: none, the whole image, reduced above 2048 x 1024 pixels)",
      windowFrom,
    )
    .option(
      "--overlap <pixels>",
      "of neighbouring windows, whose scores are averaged (default: 128)",
      numberFrom("--overlap"),
    );
}

/** Window and overlap among the values of flags. @throws AppError `input.option`, also for an overlap without end */
export function checkedWindow(values: Readonly<Record<string, unknown>>): WindowConfig {
  const config = checkedFlags(windowConfigSchema, values);
  slidingWindowOf(config);
  return config;
}

/** 512x1024 as [512, 1024], height first; none as []. @throws AppError `input.option` */
function windowFrom(text: string): number[] {
  if (text.trim() === "none") return [];
  const [, height, width] = /^(\d{1,6})x(\d{1,6})$/i.exec(text.trim()) ?? [];
  if (height !== undefined && width !== undefined) return [Number(height), Number(width)];
  throw new AppError(
    "input.option",
    `--window: "${text}" is no window; give height x width in pixels, such as 512x1024.`,
  );
}
