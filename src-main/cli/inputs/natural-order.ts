// As people count: 9.png before 10.png. A fixed language, so that the order is the same everywhere.
export const NATURAL = new Intl.Collator("en", { numeric: true });
