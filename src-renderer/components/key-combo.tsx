// A key combination as keys.
import { Fragment } from "react";
import "./key-combo.css";

/** `parts` as keyboards label them, such as ["Ctrl", "P"]. */
export function KeyCombo({ parts }: { readonly parts: readonly string[] }) {
  return (
    <span className="key-combo">
      {parts.map((part, index) => (
        <Fragment key={part}>
          {index > 0 && <span className="key-combo-join" aria-hidden="true" />}
          <kbd>{part}</kbd>
        </Fragment>
      ))}
    </span>
  );
}
