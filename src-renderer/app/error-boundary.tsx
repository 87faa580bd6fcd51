// Catches what goes wrong while a part of the page is drawn, says so, and lets the rest go on.
import { Button, Group } from "@mantine/core";
import { IconBug } from "@tabler/icons-react";
import { Component, type ReactNode } from "react";
import { EmptyState } from "../components/empty-state.tsx";

interface ErrorBoundaryProps {
  /** The part, as the title of the message names it. */
  readonly name: string;
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly error: Error | null;
}

/** What helps to find the fault: no path, image or file name of the user is in it unless the message names one. */
function detailsOf(name: string, error: Error): string {
  return [`Acclimate: ${name}`, navigator.userAgent, error.stack ?? String(error)].join("\n");
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: null };

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { name, children } = this.props;
    const { error } = this.state;
    if (error === null) return children;
    return (
      <EmptyState
        icon={<IconBug size={28} stroke={1.5} />}
        title={`${name} can't be shown`}
        action={
          <Group gap="sm" justify="center">
            <Button onClick={() => this.setState({ error: null })}>Try again</Button>
            <Button variant="default" onClick={() => navigator.clipboard.writeText(detailsOf(name, error))}>
              Copy details
            </Button>
          </Group>
        }
      >
        <p>This is a fault in Acclimate. Your files and results are not affected; runs go on. Please report it.</p>
        <code>{error.message}</code>
      </EmptyState>
    );
  }
}
