// A button that is only an icon: its name is a tooltip for eyes and a label for screen readers.
import { ActionIcon, type ActionIconProps, Tooltip } from "@mantine/core";
import type { ComponentPropsWithoutRef, ReactNode } from "react";

interface IconButtonProps extends ActionIconProps, Omit<ComponentPropsWithoutRef<"button">, keyof ActionIconProps> {
  readonly label: string;
  /** Shown in the tooltip after the name. */
  readonly keys?: ReactNode;
  readonly children: ReactNode;
}

export function IconButton({ label, keys, children, ...others }: IconButtonProps) {
  return (
    <Tooltip
      label={
        keys === undefined ? (
          label
        ) : (
          <span className="tooltip-with-keys">
            {label} {keys}
          </span>
        )
      }
    >
      <ActionIcon variant="subtle" color="gray" aria-label={label} {...others}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
