// Says where the form and the shown run are not the same, so that nobody takes one for the other.
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";
import { changeForm, useAdaptForm } from "../../state/adapt-form.ts";
import { differingParameters } from "../../state/parameter-differences.ts";
import "../../components/link-button.css";
import "./form-difference.css";

/** More of them are counted. */
const NAMED = 3;

export function FormDifference({ run }: { readonly run: Run }) {
  const config = useAdaptForm((state) => state.config);
  const differing = differingParameters(config, run.config);
  if (differing.length === 0) return null;
  const more = differing.length > NAMED ? ` and ${differing.length - NAMED} more` : "";
  return (
    <p className="form-difference" title={differing.join(", ")}>
      The shown run had {differing.slice(0, NAMED).join(", ")}
      {more}.{" "}
      <button
        type="button"
        className="link-button"
        onClick={() => changeForm("take over a run's parameters", (form) => ({ ...form, ...run.config }))}
      >
        take over this run’s parameters
      </button>
    </p>
  );
}
