// A menu of columns to choose from: what is chosen first, in its order, then all others by what they tell.
import { Button, Checkbox, Popover, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { RunColumn } from "../../../src-shared/contract/workbench/run-query.ts";
import { IconButton } from "../../components/icon-button.tsx";
import "./column-menu.css";
import { COLUMN_GROUPS, columnTitle, movedForward } from "./run-columns.ts";

interface ColumnMenuProps {
  readonly title: string;
  readonly chosen: readonly RunColumn[];
  /** Which columns may be chosen; left out: all. */
  readonly isOffered?: (column: RunColumn) => boolean;
  readonly onChange: (chosen: readonly RunColumn[]) => void;
}

export function ColumnMenu({ title, chosen, isOffered = () => true, onChange }: ColumnMenuProps) {
  const [typed, setTyped] = useState("");
  const fits = (column: RunColumn) => columnTitle(column).toLowerCase().includes(typed.trim().toLowerCase());
  const groups = COLUMN_GROUPS.map((group) => ({
    ...group,
    columns: group.columns.filter((column) => isOffered(column) && !chosen.includes(column) && fits(column)),
  })).filter(({ columns }) => columns.length > 0);
  return (
    <Popover position="bottom-end" shadow="md" trapFocus onClose={() => setTyped("")}>
      <Popover.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden="true" />}>
          {title}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={8} aria-label={title} className="column-menu">
        <TextInput
          aria-label="Search columns"
          placeholder="Search columns"
          leftSection={<IconSearch size={14} aria-hidden="true" />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <div className="column-menu-lists">
          <h3>Shown</h3>
          <ul>
            {chosen.filter(fits).map((column) => (
              <li key={column}>
                <Checkbox
                  size="xs"
                  label={columnTitle(column)}
                  checked
                  onChange={() => onChange(chosen.filter((other) => other !== column))}
                />
                <IconButton
                  label={`Move ${columnTitle(column)} forward`}
                  size={20}
                  disabled={column === chosen[0]}
                  onClick={() => onChange(movedForward(chosen, column))}
                >
                  <IconChevronUp size={14} stroke={1.8} />
                </IconButton>
              </li>
            ))}
          </ul>
          {groups.map((group) => (
            <section key={group.title}>
              <h3>{group.title}</h3>
              <ul>
                {group.columns.map((column) => (
                  <li key={column}>
                    <Checkbox
                      size="xs"
                      label={columnTitle(column)}
                      checked={false}
                      onChange={() => onChange([...chosen, column])}
                    />
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
