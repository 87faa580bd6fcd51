// A placeholder until this screen is written.

export function DatasetsScreen() {
  return <p className="dimmed">This screen is not written yet.</p>;
}
