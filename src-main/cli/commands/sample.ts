// `acclimate sample`: write images of the procedural street dataset, with their labels.
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { requireCityscapesIds } from "../../../src-shared/labels/label-id-to-train-id.ts";
import { CITYSCAPES_19 } from "../../../src-shared/labels/label-sets.ts";
import { encodeLabelPng, encodeRgbPng } from "../../engine/images/encode-png.ts";
import { stopIfCancelled } from "../../engine/methods/shared/cancellation.ts";
import { renderSampleScene, SAMPLE_DOMAINS, type SampleDomain } from "../../engine/sample/render-sample-scene.ts";
import { writeFileAtomically, writeFilesTogether } from "../../files/write-file-atomically.ts";
import type { CliContext } from "../context.ts";
import { examples, paragraphs } from "../help.ts";
import { checkedFlags, numberFrom, sizeFrom } from "../options/flag-values.ts";
import { jsonText } from "../run/json-text.ts";
import { createFolder, prepareOutputFolder } from "../run/output-folder.ts";
import { countText } from "../terminal/format.ts";

const DEFAULT_OUTPUT = "acclimate-sample";

const flagsSchema = z.object({
  output: z.string().min(1, "name a folder").default(DEFAULT_OUTPUT),
  seed: z.int("the seed is a whole number").nonnegative("the seed is 0 or more").default(1),
  count: z
    .int("the count is a whole number")
    .min(1, "make at least 1 image")
    .max(100_000, "make at most 100000 images")
    .default(4),
  size: z.object({ width: z.int(), height: z.int() }).default({ width: 512, height: 256 }),
  domain: z.array(z.enum(SAMPLE_DOMAINS, `the domains are ${SAMPLE_DOMAINS.join(", ")}`)).default([...SAMPLE_DOMAINS]),
  json: z.boolean().default(false),
});
type Flags = z.infer<typeof flagsSchema>;

const ABOUT = `Writes images of the procedural street dataset and their ground truth, as <domain>/images/NNN.png and
<domain>/labels/NNN.png. Seed and number decide everything: image NNN shows the same street in every domain, and comes
out the same on every machine.`;

export function sampleCommand(program: Command, context: CliContext): void {
  const command = program
    .command("sample")
    .summary("write images of the built-in street dataset")
    .description(paragraphs(ABOUT))
    .option("--output <folder>", "where the folders of the domains go", DEFAULT_OUTPUT)
    .option("--domain <domains...>", `which of ${SAMPLE_DOMAINS.join(", ")} (default: all)`)
    .option("--count <n>", "images of each domain (default: 4)", numberFrom("--count"))
    .option("--size <WxH>", "of an image (default: 512x256)", sizeFrom("--size"))
    .option("--seed <n>", "of the dataset (default: 1)", numberFrom("--seed"))
    .option("--json", "print one JSON document and nothing else");
  examples(command, [
    ["acclimate sample --output streets --domain fog night --count 10", ""],
    ["acclimate sample --output train --domain clear --count 500 --seed 7 --size 256x128", ""],
  ]);
  command.action(async (values: Record<string, unknown>) => {
    await writeSample(checkedFlags(flagsSchema, values), context);
  });
}

interface WrittenScene {
  readonly domain: SampleDomain;
  readonly image: string;
  readonly labels: string;
}

async function writeSample(flags: Flags, { terminal, signal }: CliContext): Promise<void> {
  const { output, domain: domains, count, json } = flags;
  await prepareOutputFolder(output);
  const written: WrittenScene[] = [];
  for (const domain of domains) {
    for (let index = 0; index < count; index += 1) {
      await new Promise(setImmediate); // rendering never waits for anything: here Ctrl-C is heard
      stopIfCancelled(signal);
      terminal.progress(`${domain} ${index + 1}/${count}`);
      written.push(await writeScene(flags, domain, index));
    }
  }
  await writeFileAtomically(join(output, "README.md"), new TextEncoder().encode(readmeText(flags)));
  if (json) terminal.print(jsonText({ seed: flags.seed, size: flags.size, images: written }));
  else terminal.print(`${countText(written.length, "image")} with labels written to "${output}".`);
}

async function writeScene(
  { output, seed, count, size }: Flags,
  domain: SampleDomain,
  index: number,
): Promise<WrittenScene> {
  const scene = renderSampleScene({ seed, index, domain, ...size });
  const digits = Math.max(3, String(count - 1).length);
  const name = `${String(index).padStart(digits, "0")}.png`;
  const image = join(output, domain, "images", name);
  const labels = join(output, domain, "labels", name);
  for (const folder of [dirname(image), dirname(labels)]) await createFolder(folder);
  await writeFilesTogether([
    { path: image, content: await encodeRgbPng(scene.image) },
    { path: labels, content: await encodeLabelPng(scene.labels) },
  ]);
  return { domain, image, labels };
}

function readmeText({ seed, count, size, domain }: Flags): string {
  const { names, palette } = CITYSCAPES_19;
  const cityscapesIds = requireCityscapesIds(CITYSCAPES_19);
  const rows = names.map((name, trainId) => {
    const color = (palette[trainId] ?? [0, 0, 0]).join(", ");
    return `| ${trainId} | ${name} | ${cityscapesIds[trainId]} | ${color} |`;
  });
  return `# Procedural streets

Made by \`acclimate sample --seed ${seed} --count ${count} --size ${size.width}x${size.height} --domain ${domain.join(" ")}\`.

\`<domain>/images/NNN.png\` is an image, \`<domain>/labels/NNN.png\` its ground truth: one train id per pixel, 255 where no
class applies. The same number is the same street in every domain.

| train id | class | Cityscapes id | colour (red, green, blue) |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}
