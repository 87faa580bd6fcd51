// What to say about the Node that the command was typed with; the program itself runs on the one that `npm ci` installs.

/** The oldest release that still gets fixes and installs without warnings; `engines` in package.json names it, too. */
const OLDEST = [22, 17] as const;

/**
 * @param startedBy  version of the Node that ran the launcher, such as 20.20.2; undefined where there was no launcher
 * @returns          a sentence for those who should install a newer one, else null
 */
export function nodeAdvice(startedBy: string | undefined): string | null {
  const [major = 0, minor = 0] = (startedBy ?? "").split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST;
  const isOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  if (startedBy === undefined || !isOld) return null;
  return (
    `Your Node ${startedBy} is older than ${OLDEST.join(".")}, the oldest that Acclimate's dependencies support: install a newer one. ` +
    `(Acclimate itself runs on Node ${process.versions.node}, which it brings along.)`
  );
}
