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
  | { readonly state: "stopped"; readonly text: string }
  | { readonly state: "absent"; readonly text: string }
  | { readonly state: "settingUp"; readonly text: string };

export interface StatusBarView {
  readonly text: string;
  readonly tooltip: string;
  /** What a screen reader says: there is no text but this. */
  readonly spoken: string;
  /** The command of one click. */
  readonly command: string;
}

export const CANCEL_COMMAND = "leakline.cancel";
export const SET_UP_COMMAND = "leakline.setUpServer";

const LONGEST_TEXT = 60;

/** @param cancellable Whether an operation runs that a click can cancel. */
export function statusBarView(status: Status, cancellable: boolean): StatusBarView {
  switch (status.state) {
    case "starting":
      return view("$(loading~spin) Leakline", "Leakline: the server is starting", "leakline.showOutput");
    case "stopped":
      return view("$(circle-slash) Leakline", status.text, "leakline.showOutput");
    case "absent":
      return view("$(circle-slash) Leakline: set up", `${status.text} Click to set it up.`, SET_UP_COMMAND);
    case "settingUp":
      return view(busyLabel(status.text), "Leakline: the server is being set up", "leakline.showOutput");
    case "idle":
      return view(
        "$(pulse) Leakline",
        `Leakline: ${status.text === "" ? "" : `${status.text}; `}click to measure growth`,
        "leakline.measureGrowth",
      );
    case "measuring":
    case "analyzing":
      return cancellable
        ? view(busyLabel(status.text), "Leakline: click to cancel", CANCEL_COMMAND)
        : view(busyLabel(status.text), "Leakline: click to show the output", "leakline.showOutput");
    case "findings":
      return view(
        `$(warning) Leakline: ${plain(status.text)}`,
        "Leakline: click to show the Problems panel",
        "workbench.actions.view.problems",
      );
  }
}

function view(text: string, tooltip: string, command: string): StatusBarView {
  const shown = text.replace(/^\$\([^)]*\) /, "");
  // The tooltip repeats the name with which the text begins.
  const rest = tooltip.replace(/^Leakline: /, "");
  return { text, tooltip, spoken: `${shown}, ${rest}`, command };
}

function busyLabel(text: string): string {
  return `$(loading~spin) Leakline: ${plain(text)}`;
}

/** Keeps a text from the server short, and from being read as an icon. */
function plain(text: string): string {
  const label = text.replaceAll("$(", "$ (");
  return label.length <= LONGEST_TEXT ? label : `${label.slice(0, LONGEST_TEXT - 1)}…`;
}
