// The formats with what each is, in groups.
import { Checkbox } from "@mantine/core";
import type { ExportFormat } from "../../../src-shared/contract/workbench/exports.ts";
import { FORMAT_GROUPS, FORMAT_WORDS, toggledFormat } from "./export-formats.ts";

interface FormatListProps {
  readonly chosen: readonly ExportFormat[];
  readonly onChange: (formats: ExportFormat[]) => void;
}

export function FormatList({ chosen, onChange }: FormatListProps) {
  return (
    <div className="format-list">
      {FORMAT_GROUPS.map(({ title, sentence, formats }) => (
        <fieldset key={title}>
          <legend>{title}</legend>
          {sentence !== null && <p className="dimmed format-list-hint">{sentence}</p>}
          {formats.map((format) => {
            const words = FORMAT_WORDS[format];
            return (
              <Checkbox
                key={format}
                className="format-list-item"
                checked={chosen.includes(format)}
                onChange={() => onChange(toggledFormat(chosen, format))}
                label={
                  <>
                    {words.title} <span className="format-list-file">{words.file}</span>
                  </>
                }
                description={words.sentence}
              />
            );
          })}
        </fieldset>
      ))}
    </div>
  );
}
