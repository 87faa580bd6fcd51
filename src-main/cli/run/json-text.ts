// A JSON document that people can read too: one value a line, but lists of numbers on one.

export function jsonText(document: unknown): string {
  // A line break inside brackets can't be part of a string: there it would be written as \n.
  return JSON.stringify(document, null, 2).replace(/\[\n\s+[-\d.e+,\snul]+\]/g, (list) =>
    list.replace(/\n\s+/g, " ").replace("[ ", "[").replace(" ]", "]"),
  );
}
