// The frame of a screen: a heading with its actions over the content, which fills what is left and scrolls by itself.
import type { ReactNode } from "react";
import "./screen-frame.css";

interface ScreenFrameProps {
  readonly title: ReactNode;
  /** Beside the title, dimmed. */
  readonly detail?: ReactNode;
  /** At the right end. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function ScreenFrame({ title, detail, actions, children }: ScreenFrameProps) {
  return (
    <section className="screen-frame">
      <header className="screen-frame-head">
        <div className="screen-frame-titles">
          <h1 className="screen-frame-title">{title}</h1>
          {detail !== undefined && <div className="screen-frame-detail">{detail}</div>}
        </div>
        {actions !== undefined && <div className="screen-frame-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
