import { ProgressLocation, window } from "vscode";

import type { OpenNotice } from "./progress";

/** Opens a notification with a progress bar and a Cancel button. */
export const openNotice: OpenNotice = (title, onCancel) => {
  let close: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  const shown: { report: (message: string | undefined, increment: number | undefined) => void } = {
    report: () => undefined,
  };
  void window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    (progress, cancellation) => {
      cancellation.onCancellationRequested(onCancel);
      shown.report = (message, increment) => {
        progress.report({
          ...(message === undefined ? {} : { message }),
          ...(increment === undefined ? {} : { increment }),
        });
      };
      return closed;
    },
  );
  return {
    report: (message, increment) => {
      shown.report(message, increment);
    },
    close,
  };
};
