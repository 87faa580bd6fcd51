// A placeholder until this screen is written.

export function SettingsScreen() {
  return <p className="dimmed">This screen is not written yet.</p>;
}
