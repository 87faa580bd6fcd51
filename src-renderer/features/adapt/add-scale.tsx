// A scale that is not among the chips.
import { ActionIcon, Button, Popover } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { enteredNumber, formatNumber, mayBecomeNumber, steppedText } from "../../components/number-text.ts";
import { NumberTextField } from "../../components/number-text-field.tsx";
import { changeForm, SCALE_RANGE, withScale } from "../../state/adapt-form.ts";
import "./add-scale.css";

export function AddScale() {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("0.6");
  const [problem, setProblem] = useState<string | null>(null);
  const type = (typed: string): void => {
    setText(typed);
    setProblem(mayBecomeNumber(typed) ? null : enteredNumber(typed, SCALE_RANGE).problem);
  };
  const add = (): void => {
    const { value, problem: found } = enteredNumber(text, SCALE_RANGE);
    setProblem(found);
    if (value === null) return;
    setText(formatNumber(value));
    // A number moved into the range is looked at before it counts.
    if (found !== null) return;
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
        <div className="add-scale">
          <NumberTextField
            label="Scale"
            text={text}
            problem={problem}
            onType={type}
            onStep={(direction) => type(steppedText(text, null, direction, SCALE_RANGE))}
            onEnter={add}
          />
          <Button onClick={add}>Add</Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
