/** What the status bar item shows, as a function of the state. */

/** The server's `leakline/status` notification. */
export interface ServerStatus {
  readonly state: "idle" | "measuring" | "analyzing" | "findings";
  readonly findings: number;
  readonly text: string;
}

/** The server's own word, or what the extension knows about a server that is not there. */
export type Status =
  | ServerStatus
  | { readonly state: "starting" }
  | { readonly state: "stopped"; readonly text: string };

export interface StatusBarView {
  readonly text: string;
  readonly tooltip: string;
  /** The command of one click. */
  readonly command: string;
  readonly warning: boolean;
}

export const CANCEL_COMMAND = "leakline.cancel";

const LONGEST_TEXT = 60;

/** @param cancellable Whether an operation runs that a click can cancel. */
export function statusBarView(status: Status, cancellable: boolean): StatusBarView {
  switch (status.state) {
    case "starting":
      return view("$(loading~spin) Leakline", "Leakline is starting", "leakline.showOutput");
    case "stopped":
      return view("$(circle-slash) Leakline", status.text, "leakline.showOutput");
    case "idle":
      return view("$(pulse) Leakline", "Measure growth", "leakline.measureGrowth");
    case "measuring":
    case "analyzing":
      return cancellable
        ? view(`$(loading~spin) ${label(status.text)}`, "Cancel", CANCEL_COMMAND)
        : view(`$(loading~spin) ${label(status.text)}`, "Show output", "leakline.showOutput");
    case "findings":
      return {
        ...view(
          `$(warning) Leakline: ${status.findings}`,
          `${status.findings === 1 ? "1 finding" : `${status.findings} findings`}, show in Problems`,
          "workbench.actions.view.problems",
        ),
        warning: true,
      };
  }
}

function view(text: string, tooltip: string, command: string): StatusBarView {
  return { text, tooltip, command, warning: false };
}

/** Keeps a text from the server short, and from being read as an icon. */
function label(text: string): string {
  const plain = text.replaceAll("$(", "$ (").trim();
  if (plain === "") {
    return "Leakline";
  }
  return plain.length <= LONGEST_TEXT ? plain : `${plain.slice(0, LONGEST_TEXT - 1)}…`;
}
