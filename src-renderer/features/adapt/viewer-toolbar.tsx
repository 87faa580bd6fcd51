// The line over the panes: their arrangement, the link, and how label maps are drawn.
import { SegmentedControl } from "@mantine/core";
import { IconColumns2, IconLayoutGrid, IconSeparatorVertical, IconSquare } from "@tabler/icons-react";
import type { ReactNode } from "react";
import {
  ConfidenceSlider,
  FitButton,
  LinkButton,
  OpacitySlider,
  OutlineButton,
  PaletteButton,
} from "../../panes/display-controls.tsx";
import { type PaneLayout, useAdaptView, useIsLinked, withLayout } from "./adapt-view.ts";
import { fitPanes, toggleLink } from "./pane-actions.ts";

const LAYOUTS: readonly { value: PaneLayout; label: string; icon: ReactNode }[] = [
  { value: "one", label: "One pane", icon: <IconSquare size={15} /> },
  { value: "split", label: "Divider", icon: <IconSeparatorVertical size={15} /> },
  { value: "two", label: "Two panes", icon: <IconColumns2 size={15} /> },
  { value: "four", label: "Four panes", icon: <IconLayoutGrid size={15} /> },
];

export function ViewerToolbar() {
  const layout = useAdaptView((state) => state.layout);
  const isLinked = useIsLinked();
  return (
    <div className="viewer-toolbar" role="toolbar" aria-label="Viewer">
      <SegmentedControl
        aria-label="Panes"
        value={layout}
        onChange={(value) => useAdaptView.setState((view) => withLayout(view, value))}
        data={LAYOUTS.map(({ value, label, icon }) => ({
          value,
          label: (
            <span className="icon-segment" title={label}>
              {icon}
              <span className="visually-hidden">{label}</span>
            </span>
          ),
        }))}
      />
      <LinkButton isLinked={isLinked} onToggle={toggleLink} />
      <FitButton onFit={fitPanes} />
      <span className="toolbar-gap" />
      <OpacitySlider />
      <ConfidenceSlider />
      <OutlineButton />
      <PaletteButton />
    </div>
  );
}
