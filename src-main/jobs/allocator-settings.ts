// Settings of the C library's memory for processes that compute, as `bin/acclimate.js` gives them to the command line.

/**
 * Environment variables that must be there before such a process starts; none but on Linux, where the C library may be glibc.
 * Freed tensors are kept for the next ones, instead of going back to the system.
 */
export function allocatorSettings(platform: NodeJS.Platform = process.platform): Readonly<Record<string, string>> {
  return platform === "linux" ? { MALLOC_MMAP_MAX_: "0", MALLOC_TRIM_THRESHOLD_: "100000000000" } : {};
}
