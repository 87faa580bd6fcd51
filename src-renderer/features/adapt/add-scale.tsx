// A scale that is not among the chips.
import { ActionIcon, Button, Group, NumberInput, Popover } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { changeForm, withScale } from "../../state/adapt-form.ts";

/** The contract's limit. */
const MAX_SCALE = 4;

export function AddScale() {
  const [isOpen, setOpen] = useState(false);
  const [scale, setScale] = useState<number | string>(0.6);
  const add = (): void => {
    const value = Number(scale);
    if (!(value > 0 && value <= MAX_SCALE)) return;
    changeForm(`scale ${value}`, (config) => (config.scales.includes(value) ? config : withScale(config, value)));
    setOpen(false);
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus>
      <Popover.Target>
        <ActionIcon variant="default" size={22} aria-label="Add a scale" onClick={() => setOpen(!isOpen)}>
          <IconPlus size={12} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Group gap={8} align="end" wrap="nowrap">
          <NumberInput
            label="Scale"
            w={90}
            min={0.05}
            max={MAX_SCALE}
            step={0.05}
            value={scale}
            onChange={setScale}
            onKeyDown={(event) => {
              if (event.key === "Enter") add();
            }}
          />
          <Button onClick={add}>Add</Button>
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}
