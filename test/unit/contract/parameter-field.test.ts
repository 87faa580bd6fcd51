// The parameters of every method as fields: of each what it is, what it may be, and where it stands.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { adaptationConfigSchema } from "../../../src-shared/contract/adaptation-config.ts";
import {
  inGroups,
  isUsed,
  parameterFields,
  valueAt,
  withValueAt,
} from "../../../src-shared/contract/parameter-field.ts";
import { PARAMETER_META } from "../../../src-shared/contract/parameter-meta.ts";
import { daSacBaselineConfigSchema, daSacConfigSchema } from "../../../src-shared/contract/training/da-sac.ts";
import { sourceTrainingConfigSchema } from "../../../src-shared/contract/training/source-training.ts";

const SCHEMAS = {
  adaptation: adaptationConfigSchema,
  "source training": sourceTrainingConfigSchema,
  "DA-SAC's baseline": daSacBaselineConfigSchema,
  "DA-SAC": daSacConfigSchema,
};

describe.each(Object.entries(SCHEMAS))("of %s", (_, schema) => {
  const fields = parameterFields(schema);
  const defaults = schema.parse({});

  it("every parameter has a field, and no two share a name", () => {
    const leaves = (value: unknown): number =>
      value !== null && typeof value === "object" && !Array.isArray(value)
        ? Object.values(value).reduce<number>((sum, part) => sum + leaves(part), 0)
        : 1;
    // Which method it is, is no parameter.
    const { method: _method, ...parameters }: Record<string, unknown> = defaults;
    expect(fields).toHaveLength(leaves(parameters));
    expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
  });

  it.each(fields.map((field) => [field.name, field] as const))("%s accepts what it offers", (_name, field) => {
    const { meta, kind, byDefault, choices, accepts, isNullable } = field;
    expect(meta.title).toMatch(/^[A-Z]/);
    expect(meta.group).toBeDefined();
    expect(byDefault).toEqual(valueAt(defaults, field.path));
    expect(accepts(byDefault)).toBe(true);
    expect(accepts(null)).toBe(isNullable);
    for (const choice of choices) expect(accepts(choice)).toBe(true);
    const { min, max } = meta.range ?? { min: 0, max: 0 };
    if (kind === "number") expect([accepts(min), accepts(max)]).toEqual([true, true]);
    if (kind === "pair") expect([accepts([min, min]), accepts([max, max])]).toEqual([true, true]);
    if (kind === "number" || kind === "pair") expect(meta.range).toBeDefined();
  });
});

describe("a field", () => {
  it("knows its kind", () => {
    const kinds = Object.fromEntries(parameterFields(sourceTrainingConfigSchema).map(({ name, kind }) => [name, kind]));
    expect(kinds).toMatchObject({
      archType: "choice",
      backboneName: "choice",
      width: "number",
      dropout: "switch",
      microBatchSize: "number",
      cropSize: "pair",
      flip: "number",
    });
    const [layers] = parameterFields(adaptationConfigSchema).filter(({ name }) => name === "resnetLayers");
    expect(layers).toMatchObject({ kind: "numbers", mayBeEmpty: true, byDefault: [1, 2] });
  });

  it("is of use or not beside other values", () => {
    const config = sourceTrainingConfigSchema.parse({ archType: "hrnet18", alpha: 0.1 });
    const unused = parameterFields(sourceTrainingConfigSchema).filter((field) => !isUsed(field, config));
    expect(unused.map(({ name }) => name)).toEqual(["backboneName", "numAlphas"]);
  });

  it("of a kind that no form has is a bug", () => {
    const schema = z.object({ when: z.date().default(new Date(0)).register(PARAMETER_META, { title: "When" }) });
    expect(() => parameterFields(schema)).toThrow(/parameter "when" is of a kind/);
  });
});

describe("a configuration", () => {
  it("takes a value at a path, and leaves the others alone", () => {
    const before = sourceTrainingConfigSchema.parse({});
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (flip) => {
        const after = withValueAt(before, ["augmentation", "flip"], flip);
        expect(valueAt(after, ["augmentation", "flip"])).toBe(flip);
        expect({ ...after, augmentation: { ...after.augmentation, flip: 0.5 } }).toEqual(before);
      }),
    );
    expect(before).toEqual(sourceTrainingConfigSchema.parse({}));
  });

  it("is shown under the headings of its parameters, in the order of their first ones", () => {
    expect([...inGroups(parameterFields(sourceTrainingConfigSchema)).keys()]).toEqual([
      "Model",
      "Validation",
      "Optimisation",
      "Crops and augmentation",
      "Kept on the way",
    ]);
  });
});
