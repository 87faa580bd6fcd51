// The names of metrics for people.

/** learningRate is "learning rate", loss.target "loss, target". */
export function metricWords(name: string): string {
  return name
    .replace(/[a-z0-9][A-Z]/g, ([before = "", after = ""]) => `${before} ${after.toLowerCase()}`)
    .replaceAll(".", ", ");
}
