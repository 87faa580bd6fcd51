// Saved views: a filter and an order under a name, kept as a rule and not as a list of images.
import { Button, Group, Menu, Modal, TextInput } from "@mantine/core";
import { IconBookmark, IconChevronDown, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import type { Settings } from "../../../src-shared/contract/workbench/system.ts";
import { ALL_IMAGES, changeImageList, type ImageList, imageListFromView } from "../../state/image-list.ts";
import { saveSettings, useSettings } from "../../state/settings.ts";
import { tellFailure } from "../../state/tell.ts";

interface ViewMenuProps {
  readonly dataset: Dataset;
  readonly list: ImageList;
}

/** The views with one more; one of the same name is replaced. */
export function withView(views: Settings["views"], name: string, { filter, sort }: ImageList): Settings["views"] {
  return [...views.filter((view) => view.name !== name), { name, query: { filter, sort } }];
}

export function ViewMenu({ dataset, list }: ViewMenuProps) {
  const { views } = useSettings();
  const [isNaming, setNaming] = useState(false);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="default"
            className="filter-button"
            leftSection={<IconBookmark size={14} aria-hidden="true" />}
            rightSection={<IconChevronDown size={14} aria-hidden="true" />}
          >
            Views
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => changeImageList(dataset.id, "show all images", ALL_IMAGES)}>All images</Menu.Item>
          {views.map(({ name, query }) => (
            <Menu.Item
              key={name}
              onClick={() => changeImageList(dataset.id, `show the view ${name}`, imageListFromView(query))}
            >
              {name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconPlus size={14} aria-hidden="true" />} onClick={() => setNaming(true)}>
            Save this view…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isNaming}
        onClose={() => setNaming(false)}
        title="Save this view"
        size="sm"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <NameForm views={views} list={list} onDone={() => setNaming(false)} />
      </Modal>
    </>
  );
}

interface NameFormProps {
  readonly views: Settings["views"];
  readonly list: ImageList;
  readonly onDone: () => void;
}

function NameForm({ views, list, onDone }: NameFormProps) {
  const [name, setName] = useState("");
  const trimmed = name.trim();
  const isTaken = views.some((view) => view.name === trimmed);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        saveSettings({ views: withView(views, trimmed, list) }).catch((error: unknown) =>
          tellFailure("The view was not saved", error),
        );
        onDone();
      }}
    >
      <TextInput
        data-autofocus
        label="Name"
        description="The filter and the order are saved; what passes is looked up each time."
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Group justify="flex-end" mt="md" gap="sm">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" disabled={trimmed === ""}>
          {isTaken ? "Replace" : "Save"}
        </Button>
      </Group>
    </form>
  );
}
