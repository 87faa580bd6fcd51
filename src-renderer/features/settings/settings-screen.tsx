// The settings the workspace remembers.
import { useQuery } from "@tanstack/react-query";
import { Notice } from "../../components/notice.tsx";
import { ScreenFrame } from "../../components/screen-frame.tsx";
import { queries } from "../../state/queries.ts";
import { sentenceOf } from "../../state/tell.ts";
import { AppearanceSection } from "./appearance-section.tsx";
import { ComputeSection } from "./compute-section.tsx";
import { KeysSection } from "./keys-section.tsx";
import { AboutSection, PrivacySection } from "./program-section.tsx";
import { SavedSection } from "./saved-section.tsx";
import "./settings-screen.css";

export function SettingsScreen() {
  const { data: settings, error } = useQuery(queries.settings());
  return (
    <ScreenFrame title="Settings" detail="Saved at once, in the workspace">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled area is reached by keyboard */}
      <section className="settings-scroll" aria-label="Settings" tabIndex={0}>
        <div className="settings-column">
          {error !== null && settings === undefined && <Notice level="error">{sentenceOf(error)}</Notice>}
          {settings === undefined && error === null && <div className="skeleton settings-skeleton" />}
          {settings !== undefined && (
            <>
              <AppearanceSection settings={settings} />
              <ComputeSection settings={settings} />
              <KeysSection settings={settings} />
              <SavedSection settings={settings} />
              <PrivacySection settings={settings} />
              <AboutSection />
            </>
          )}
        </div>
      </section>
    </ScreenFrame>
  );
}
