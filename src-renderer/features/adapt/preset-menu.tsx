// Named sets of parameters: the published recipe, and what the user has saved.
import { Button, Group, Menu, Popover, TextInput, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { PUBLISHED_PARAMETERS } from "../../../src-shared/contract/recommended-parameters.ts";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import { changeForm, isSameConfig, presetsFrom, useAdaptForm, withPreset } from "../../state/adapt-form.ts";
import { recipeOf, startParameters, withParameters } from "../../state/recipe.ts";
import { saveSettings, useSettings } from "../../state/settings.ts";
import { tellFailure } from "../../state/tell.ts";
import "../../components/link-button.css";

const NOT_SAVED = "The preset was not saved";

export function PresetMenu({ checkpoint }: { readonly checkpoint: Checkpoint | undefined }) {
  const config = useAdaptForm((state) => state.config);
  const settings = useSettings();
  const [isNaming, setNaming] = useState(false);
  const presets = presetsFrom(settings);
  const recipe = recipeOf(config, checkpoint);
  const current = presets.find((preset) => isSameConfig(preset.config, config))?.name ?? recipe ?? undefined;
  const start = startParameters(checkpoint);
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
              onClick={() => changeForm("reset to the recipe", (form) => withParameters(form, start))}
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
              {checkpoint?.recommended != null && (
                <Menu.Item
                  title={checkpoint.recommended.foundOn}
                  onClick={() => changeForm("the recommended recipe", (form) => withParameters(form, start))}
                >
                  Recommended by the checkpoint
                </Menu.Item>
              )}
              <Menu.Item
                onClick={() => changeForm("the published recipe", (form) => withParameters(form, PUBLISHED_PARAMETERS))}
              >
                Published recipe
              </Menu.Item>
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
