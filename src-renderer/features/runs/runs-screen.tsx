// A placeholder until this screen is written.

export function RunsScreen() {
  return <p className="dimmed">This screen is not written yet.</p>;
}
