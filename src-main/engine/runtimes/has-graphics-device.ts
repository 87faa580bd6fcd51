// Whether this machine may have a graphics device at all.
import { existsSync } from "node:fs";

/** Linux's graphics devices: direct rendering, NVIDIA's own, and that of Windows below a Linux subsystem. */
const LINUX_DEVICES = ["/dev/dri", "/dev/nvidiactl", "/dev/dxg"];

/** False only when it is certain: looking for an adapter takes time, and its libraries complain when there is none. */
export function hasGraphicsDevice(): boolean {
  return process.platform !== "linux" || LINUX_DEVICES.some((path) => existsSync(path));
}
