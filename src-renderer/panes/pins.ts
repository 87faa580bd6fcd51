// Pixels pinned in an image, the same on every screen that shows it.
import { create } from "zustand";
import type { ImageId } from "../../src-shared/contract/workbench/ids.ts";

export interface Pin {
  readonly x: number;
  readonly y: number;
}

export interface Pins {
  /** In another image the places mean nothing. */
  readonly imageId: ImageId | null;
  readonly pins: readonly Pin[];
}

/** More pins than fit beside a picture help nobody: the oldest goes. */
const MAX_PINS = 6;
const NO_PINS: readonly Pin[] = [];

export const usePinStore = create<Pins>(() => ({ imageId: null, pins: NO_PINS }));

export function pinsIn(state: Pins, imageId: ImageId | null): readonly Pin[] {
  return imageId !== null && state.imageId === imageId ? state.pins : NO_PINS;
}

/** Pins a pixel, or takes the pin away that is there already. */
export function withPin(state: Pins, imageId: ImageId, { x, y }: Pin): Pins {
  const pins = pinsIn(state, imageId);
  const others = pins.filter((pin) => pin.x !== x || pin.y !== y);
  return { imageId, pins: others.length < pins.length ? others : [...others, { x, y }].slice(-MAX_PINS) };
}

export function usePins(imageId: ImageId | null): readonly Pin[] {
  return usePinStore((state) => pinsIn(state, imageId));
}

export function togglePin(imageId: ImageId, pin: Pin): void {
  usePinStore.setState((state) => withPin(state, imageId, pin));
}

export function clearPins(): void {
  usePinStore.setState({ imageId: null, pins: NO_PINS });
}
