// The list at the left of a screen: entries, one of which is shown, over a foot that makes another.
import { UnstyledButton } from "@mantine/core";
import type { TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import "./side-list.css";

const SKELETON_KEYS = ["a", "b", "c"];

interface SideListProps {
  readonly label: string;
  /** Has the width. */
  readonly className: string;
  /** How many grey entries stand for those to come, at most 3. */
  readonly skeletons: number;
  /** `li` elements. */
  readonly children: ReactNode;
  readonly notice?: ReactNode;
  readonly foot: ReactNode;
}

export function SideList({ label, className, skeletons, children, notice, foot }: SideListProps) {
  return (
    <aside className={`side-list ${className}`} aria-label={label}>
      <ul className="side-list-items">
        {children}
        {SKELETON_KEYS.slice(0, skeletons).map((key) => (
          <li key={key} className="side-list-skeleton skeleton" />
        ))}
      </ul>
      {notice}
      <div className="side-list-foot">{foot}</div>
    </aside>
  );
}

interface SideListItemProps {
  readonly isCurrent: boolean;
  /** The parts stand under one another. */
  readonly isStacked?: boolean;
  readonly title?: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

export function SideListItem({ isCurrent, isStacked = false, ...others }: SideListItemProps) {
  return (
    <UnstyledButton
      className={isStacked ? "side-list-item side-list-stacked" : "side-list-item"}
      aria-current={isCurrent || undefined}
      {...others}
    />
  );
}

interface SideListTextsProps {
  readonly icon: TablerIcon;
  readonly name: string;
  readonly detail?: string;
  readonly isWarning?: boolean;
  readonly children?: ReactNode;
}

/** An icon, and beside it the name over a line about it. */
export function SideListTexts({ icon: Icon, name, detail, isWarning = false, children }: SideListTextsProps) {
  return (
    <>
      <Icon size={18} stroke={1.5} aria-hidden="true" className="side-list-icon" />
      <span className="side-list-texts">
        <span className="side-list-name">{name}</span>
        {detail !== undefined && (
          <span className="side-list-detail" data-warning={isWarning || undefined}>
            {detail}
          </span>
        )}
        {children}
      </span>
    </>
  );
}
