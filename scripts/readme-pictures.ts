// Takes the pictures of the screens that the browser tests made, smaller, into the documentation.
// Usage: npm run pictures (after npm test)
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FROM = join(ROOT, "out", "pictures");
const TO = join(ROOT, "docs", "images");
const NAMES = ["datasets", "adapt", "compare", "evaluate", "runs", "sweep", "train"];

mkdirSync(TO, { recursive: true });
for (const name of NAMES) {
  const path = join(FROM, `${name}.png`);
  if (!existsSync(path)) {
    console.error(`"${path}" is not there; run \`npm test\` first.`);
    process.exitCode = 1;
    continue;
  }
  // A palette suits screens, and halves the file; 256 colours are enough for the photographs in them at this size.
  const { size } = await sharp(path)
    .png({ palette: true, quality: 90, effort: 10 })
    .toFile(join(TO, `${name}.png`));
  console.log(`docs/images/${name}.png, ${Math.round(size / 1000)} kB`);
}
