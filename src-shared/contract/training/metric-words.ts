// The names of metrics for people.

/** Those whose names alone say too little. */
const WORDS: Readonly<Record<string, string>> = { trusted: "trusted pixels" };

/** learningRate is "learning rate", loss.target "loss, target". */
export function metricWords(name: string): string {
  const [stem = name, ...rest] = name.split(".");
  return [WORDS[stem] ?? stem, ...rest]
    .join(".")
    .replace(/[a-z0-9][A-Z]/g, ([before = "", after = ""]) => `${before} ${after.toLowerCase()}`)
    .replaceAll(".", ", ");
}
