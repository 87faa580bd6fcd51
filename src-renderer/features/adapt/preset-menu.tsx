// Named sets of parameters: the published recipe, and what the user has saved.
import { Button, Group, Menu, Popover, TextInput, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { changeForm, isSameConfig, presetsFrom, RECIPE, useAdaptForm, withPreset } from "../../state/adapt-form.ts";
import { saveSettings, useSettings } from "../../state/settings.ts";
import { tellFailure } from "../../state/tell.ts";
import "../../components/link-button.css";

const NOT_SAVED = "The preset was not saved";

export function PresetMenu() {
  const config = useAdaptForm((state) => state.config);
  const settings = useSettings();
  const [isNaming, setNaming] = useState(false);
  const presets = presetsFrom(settings);
  const current = isSameConfig(config, RECIPE)
    ? "recipe"
    : presets.find((preset) => isSameConfig(preset.config, config))?.name;
  const save = (name: string): void => {
    setNaming(false);
    saveSettings({ presets: withPreset(settings.presets, name, config) }).catch((error: unknown) =>
      tellFailure(NOT_SAVED, error),
    );
  };
  const remove = (name: string): void => {
    const remaining = settings.presets.filter((preset) => preset.name !== name);
    saveSettings({ presets: remaining }).catch((error: unknown) => tellFailure(NOT_SAVED, error));
  };
  return (
    <Popover opened={isNaming} onChange={setNaming} position="bottom-end" trapFocus withRoles={false}>
      <Popover.Target>
        <div className="preset-anchor">
          {current === undefined && (
            <button
              type="button"
              className="link-button"
              onClick={() => changeForm("reset to the recipe", (form) => ({ ...RECIPE, method: form.method }))}
            >
              reset
            </button>
          )}
          <Menu position="bottom-end" width={220}>
            <Menu.Target>
              <UnstyledButton className="link-button">
                {current ?? "changed"} <IconChevronDown size={11} aria-hidden="true" />
              </UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => changeForm("the published recipe", RECIPE)}>Published recipe</Menu.Item>
              {presets.map(({ name, config: preset }) => (
                <Menu.Item
                  key={name}
                  onClick={() => changeForm(`preset ${name}`, preset)}
                  rightSection={
                    // biome-ignore lint/a11y/useSemanticElements: a button can't lie in the menu's own one
                    <span
                      role="button"
                      tabIndex={-1}
                      className="preset-remove"
                      aria-label={`Remove preset ${name}`}
                      onClick={(event) => {
                        event.stopPropagation();
                        remove(name);
                      }}
                      onKeyDown={(event) => {
                        if (event.key === "Delete") remove(name);
                      }}
                    >
                      <IconX size={12} aria-hidden="true" />
                    </span>
                  }
                >
                  {name}
                </Menu.Item>
              ))}
              <Menu.Divider />
              <Menu.Item onClick={() => setNaming(true)}>Save as a preset…</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
      </Popover.Target>
      <Popover.Dropdown>
        <PresetName onSave={save} />
      </Popover.Dropdown>
    </Popover>
  );
}

function PresetName({ onSave }: { readonly onSave: (name: string) => void }) {
  const [name, setName] = useState("");
  const isUsable = name.trim().length > 0 && name.trim().length <= 80;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isUsable) onSave(name.trim());
      }}
    >
      <Group gap={8} align="end" wrap="nowrap">
        <TextInput label="Name of the preset" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Button type="submit" disabled={!isUsable}>
          Save
        </Button>
      </Group>
    </form>
  );
}
