// A placeholder until this screen is written.

export function CheckpointsScreen() {
  return <p className="dimmed">This screen is not written yet.</p>;
}
