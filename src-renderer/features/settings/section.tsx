// A titled part of the settings, and a line in it: a name with a sentence, and the control at the right.
import type { ReactNode } from "react";
import "./section.css";

interface SectionProps {
  readonly title: string;
  readonly children: ReactNode;
}

export function Section({ title, children }: SectionProps) {
  return (
    <section className="settings-section">
      <h2>{title}</h2>
      <div className="settings-card">{children}</div>
    </section>
  );
}

interface LineProps {
  readonly name: string;
  readonly hint?: ReactNode;
  /** Left out where the hint is all there is. */
  readonly children?: ReactNode;
}

export function Line({ name, hint, children }: LineProps) {
  return (
    <div className="settings-line">
      <div className="settings-line-texts">
        <div className="settings-line-name">{name}</div>
        {hint !== undefined && <div className="settings-line-hint">{hint}</div>}
      </div>
      {children !== undefined && <div className="settings-line-control">{children}</div>}
    </div>
  );
}
