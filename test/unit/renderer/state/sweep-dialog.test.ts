// A sweep that is started without a run, from the palette of commands, begins with what the form shows.
import { expect, it } from "vitest";
import { useAdaptForm } from "../../../../src-renderer/state/adapt-form.ts";
import { useSweepDialog } from "../../../../src-renderer/state/sweep-dialog.ts";
import { imageIdSchema } from "../../../../src-shared/contract/workbench/ids.ts";
import { runConfigFormSchema } from "../../../../src-shared/contract/workbench/runs.ts";

it("takes the form's parameters as they are when the dialog opens, unless a run's are given", () => {
  const shown = runConfigFormSchema.parse({ baseLr: 0.003, threshold: 0.4, scales: [1] });
  useAdaptForm.setState({ config: shown });
  const imageId = imageIdSchema.parse("0123456789abcdef0123456789abcdef");
  useSweepDialog.getState().open(imageId, null);
  expect(useSweepDialog.getState().target?.config).toEqual(shown);
  const ofRun = runConfigFormSchema.parse({ baseLr: 0.1 });
  useSweepDialog.getState().open(imageId, null, ofRun);
  expect(useSweepDialog.getState().target?.config).toEqual(ofRun);
});
