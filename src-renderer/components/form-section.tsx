// A part of a form, under its heading.
import type { ReactNode } from "react";
import "./form-section.css";

interface SectionProps {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

export function FormSection({ title, action, children }: SectionProps) {
  return (
    <section className="form-section">
      <header className="form-section-head">
        <h2>{title}</h2>
        {action}
      </header>
      {children}
    </section>
  );
}
