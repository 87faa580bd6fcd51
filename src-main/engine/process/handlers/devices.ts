// Tries every runtime and device.
import { listDevices } from "../../runtimes/create-runtime.ts";
import type { Handler } from "../handler.ts";

export const devices: Handler<"devices"> = async ({ threads }) => {
  const found = await (threads === null ? listDevices() : listDevices(threads));
  return found.map(({ name, provider, available, note, convolutionMs }) => ({
    runtime: name,
    provider,
    isAvailable: available,
    note,
    convolutionMs: convolutionMs ?? null,
  }));
};
