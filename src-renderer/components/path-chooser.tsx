// Walks through folders and chooses one, or a file in one, with mouse or keyboard, or by typing a path.
import { Button, Group, TextInput } from "@mantine/core";
import { IconArrowUp, IconCube, IconFile, IconFolder, IconHome, IconPhoto } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { FolderListing } from "../../src-shared/contract/workbench/system.ts";
import { IconButton } from "./icon-button.tsx";
import { Notice } from "./notice.tsx";
import "./path-chooser.css";

type Entry = FolderListing["entries"][number];

const ICONS = { folder: IconFolder, image: IconPhoto, checkpoint: IconCube, file: IconFile } as const;

interface PathChooserProps {
  readonly reason: string | null;
  /** What can be chosen; everything else is shown dimmed, for orientation. */
  readonly accept: "folder" | "checkpoint";
  readonly buttonLabel: string;
  /** Null: where to begin. */
  readonly listFolder: (path: string | null) => Promise<FolderListing>;
  readonly sentenceOf: (error: unknown) => string;
  readonly onChosen: (path: string) => void;
  readonly onCancel: () => void;
}

export function PathChooser(props: PathChooserProps) {
  const { reason, accept, buttonLabel, listFolder, sentenceOf, onChosen, onCancel } = props;
  const [listing, setListing] = useState<FolderListing | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<Entry | null>(null);
  const asked = useRef(0);
  const field = useRef<HTMLInputElement>(null);

  const show = (path: string | null) => {
    asked.current += 1;
    const number = asked.current;
    listFolder(path).then(
      (answer) => {
        // A slower answer to an earlier question is of no interest.
        if (number !== asked.current) return;
        setListing(answer);
        setTyped(answer.path);
        setChosen(null);
        setProblem(null);
      },
      (error: unknown) => {
        if (number === asked.current) setProblem(sentenceOf(error));
      },
    );
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens
  useEffect(() => show(null), []);

  const pathToChoose = chosen?.path ?? typed;
  const isFolderOnly = accept === "checkpoint" && chosen === null && typed === listing?.path;
  const open = (entry: Entry) => {
    if (entry.kind === "folder") show(entry.path);
    else if (entry.kind === accept) onChosen(entry.path);
  };

  return (
    <div className="path-chooser">
      {reason !== null && <Notice level="info">{reason}</Notice>}
      <Group gap={4} wrap="nowrap">
        <IconButton
          label="Folder above"
          disabled={listing?.parent == null}
          onClick={() => show(listing?.parent ?? null)}
        >
          <IconArrowUp size={16} />
        </IconButton>
        <IconButton label="Home folder" onClick={() => show(null)}>
          <IconHome size={16} />
        </IconButton>
        <TextInput
          ref={field}
          className="path-chooser-field"
          aria-label="Path"
          value={typed}
          spellCheck={false}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setChosen(null);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            if (accept === "checkpoint" && /\.[a-z]+$/i.test(typed)) onChosen(typed);
            else show(typed);
          }}
        />
      </Group>
      {problem !== null && <Notice level="error">{problem}</Notice>}
      <EntryList
        listing={listing}
        accept={accept}
        chosen={chosen}
        onChoose={setChosen}
        onOpen={open}
        onUp={() => listing?.parent != null && show(listing.parent)}
      />
      {listing?.isCut === true && (
        <p className="dimmed path-chooser-note">Not all entries are listed. Type the rest of the path above.</p>
      )}
      <Group justify="space-between" wrap="nowrap">
        <span className="path-chooser-choice dimmed" title={pathToChoose}>
          <bdi dir="ltr">{isFolderOnly ? "No file chosen" : pathToChoose}</bdi>
        </span>
        <Group gap="sm" wrap="nowrap">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button disabled={pathToChoose === "" || isFolderOnly} onClick={() => onChosen(pathToChoose)}>
            {buttonLabel}
          </Button>
        </Group>
      </Group>
    </div>
  );
}

interface EntryListProps {
  readonly listing: FolderListing | null;
  readonly accept: "folder" | "checkpoint";
  readonly chosen: Entry | null;
  readonly onChoose: (entry: Entry) => void;
  readonly onOpen: (entry: Entry) => void;
  readonly onUp: () => void;
}

function EntryList({ listing, accept, chosen, onChoose, onOpen, onUp }: EntryListProps) {
  const list = useRef<HTMLDivElement>(null);
  const typedAhead = useRef({ text: "", at: 0 });
  const entries = listing?.entries ?? [];
  const place = entries.findIndex(({ path }) => path === chosen?.path);

  const choose = (index: number) => {
    const entry = entries[Math.max(0, Math.min(entries.length - 1, index))];
    if (entry === undefined) return;
    onChoose(entry);
    list.current?.querySelector(`[data-path="${CSS.escape(entry.path)}"]`)?.scrollIntoView({ block: "nearest" });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: place + 1,
      ArrowUp: place < 0 ? 0 : place - 1,
      Home: 0,
      End: entries.length - 1,
      PageDown: place + 10,
      PageUp: place - 10,
    };
    const step = steps[event.key];
    if (step !== undefined) choose(step);
    else if (event.key === "Enter" && chosen !== null) onOpen(chosen);
    else if (event.key === "ArrowRight" && chosen?.kind === "folder") onOpen(chosen);
    else if (event.key === "Backspace" || event.key === "ArrowLeft") onUp();
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      // Typing goes to the entry that begins with what was typed within a second.
      const { text, at } = typedAhead.current;
      const next = (event.timeStamp - at < 1000 ? text : "") + event.key.toLowerCase();
      typedAhead.current = { text: next, at: event.timeStamp };
      const found = entries.findIndex(({ name }) => name.toLowerCase().startsWith(next));
      if (found >= 0) choose(found);
    } else return;
    event.preventDefault();
  };

  return (
    <div
      ref={list}
      className="path-chooser-list"
      role="listbox"
      tabIndex={0}
      data-autofocus
      aria-label="Content of the folder"
      aria-activedescendant={place < 0 ? undefined : `path-entry-${place}`}
      onKeyDown={onKeyDown}
    >
      {listing !== null && entries.length === 0 && <p className="dimmed path-chooser-note">This folder is empty.</p>}
      {entries.map((entry, index) => {
        const Icon = ICONS[entry.kind];
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the focus and takes the keys
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          <div
            key={entry.path}
            id={`path-entry-${index}`}
            role="option"
            aria-selected={entry.path === chosen?.path}
            className="path-chooser-entry"
            data-path={entry.path}
            data-dimmed={(entry.kind !== "folder" && entry.kind !== accept) || undefined}
            onClick={() => onChoose(entry)}
            onDoubleClick={() => onOpen(entry)}
          >
            <Icon size={16} stroke={1.6} aria-hidden="true" />
            <span>{entry.name}</span>
          </div>
        );
      })}
    </div>
  );
}
