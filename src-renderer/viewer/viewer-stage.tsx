// The React face of the stage: a box with the canvas behind whatever panes are put into it.
import { createContext, type ReactNode, useContext, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Palette } from "../../src-shared/labels/palettes.ts";
import type { ViewStore } from "./linked-views.ts";
import { Stage } from "./stage.ts";

const StageContext = createContext<Stage | null>(null);

/** The stage around this component; null until it is there. */
export function useStage(): Stage | null {
  return useContext(StageContext);
}

interface Props {
  readonly views: ViewStore;
  readonly background: Palette[number];
  readonly className?: string;
  readonly children: ReactNode;
  /** For measuring: milliseconds each frame took. */
  readonly onDrawn?: (milliseconds: number) => void;
}

export function ViewerStage({ views, background, className, children, onDrawn }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [stage, setStage] = useState<Stage | null>(null);

  useLayoutEffect(() => {
    if (host.current === null || canvas.current === null) return;
    const created = new Stage(canvas.current, host.current, views);
    setStage(created);
    return () => {
      created.dispose();
      setStage(null);
    };
  }, [views]);

  const [red, green, blue] = background;
  useEffect(() => stage?.setBackground([red, green, blue]), [stage, red, green, blue]);
  useEffect(() => {
    if (stage !== null) stage.onDrawn = onDrawn ?? null;
  }, [stage, onDrawn]);

  return (
    <div ref={host} className={className} style={{ position: "relative", overflow: "hidden" }}>
      <canvas ref={canvas} style={{ position: "absolute", pointerEvents: "none" }} />
      <StageContext value={stage}>{children}</StageContext>
    </div>
  );
}
