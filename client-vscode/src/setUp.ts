/** Sets the server up, with progress, and says what was done. */

import * as path from "node:path";

import { ProgressLocation, window, type LogOutputChannel } from "vscode";

import type { OwnEnvironment } from "./server/environment";
import type { Python } from "./server/python";
import { run } from "./server/run";
import type { StatusBar } from "./statusBar";

/** @throws SetUpFailed, or an AbortError when the user has cancelled it. */
export async function setUpServer(
  own: OwnEnvironment,
  python: Python,
  output: LogOutputChannel,
  statusBar: StatusBar,
): Promise<void> {
  statusBar.set({ state: "settingUp", text: "setting up the server" });
  const wheel = await window.withProgress(
    {
      location: ProgressLocation.Notification,
      title: "Leakline: setting up the server",
      cancellable: true,
    },
    (progress, cancellation) => {
      const abort = new AbortController();
      cancellation.onCancellationRequested(() => {
        abort.abort();
      });
      return own.make(python, {
        run,
        signal: abort.signal,
        report: (message) => {
          progress.report({ message });
        },
        log: (line) => {
          output.info(line);
        },
      });
    },
  );
  const done =
    `Leakline's server is set up in ${own.folder}, ` +
    `with Python ${python.version.join(".")} from ${python.program}.`;
  output.info(`${done} Installed: ${path.basename(wheel.file)}`);
  void window.showInformationMessage(done);
}
