// What a graphics card has left for the next job.
import { freeDeviceMemory as askDriver } from "../../runtimes/free-device-memory.ts";
import type { Handler } from "../handler.ts";

export const freeDeviceMemory: Handler<"freeDeviceMemory"> = async (machine) => ({ bytes: await askDriver(machine) });
