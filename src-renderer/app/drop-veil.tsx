// Takes files and folders dropped anywhere on the window, and says so while they are dragged over it.
import { IconFolderDown } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import "./drop-veil.css";

export function DropVeil({ onDrop }: { readonly onDrop: (files: readonly File[]) => void }) {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const onDragOver = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onDragLeave = (event: DragEvent) => {
      // Left the window, not only one element for another.
      if (event.relatedTarget === null) setOver(false);
    };
    const onDropped = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(false);
      onDrop([...(event.dataTransfer?.files ?? [])]);
    };
    window.addEventListener("dragover", onDragOver);
    window.addEventListener("dragleave", onDragLeave);
    window.addEventListener("drop", onDropped);
    return () => {
      window.removeEventListener("dragover", onDragOver);
      window.removeEventListener("dragleave", onDragLeave);
      window.removeEventListener("drop", onDropped);
    };
  }, [onDrop]);
  if (!isOver) return null;
  return (
    <div className="drop-veil">
      <div className="drop-veil-box">
        <IconFolderDown size={40} stroke={1.4} aria-hidden="true" />
        <strong>Drop to open</strong>
        <span className="dimmed">A folder of images, or a checkpoint (.pth, .pt, .bin, .safetensors, .onnx)</span>
      </div>
    </div>
  );
}
