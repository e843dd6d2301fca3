/** What Leakline's server understands beside the standard protocol. */

import { NotificationType, RequestType } from "vscode-languageclient/node";

import type { ServerStatus } from "./status";

export const SERVER_COMMANDS = {
  measure: "leakline.measure",
  capture: "leakline.capture",
} as const;

export const statusNotification = new NotificationType<ServerStatus>("leakline/status");

/** All findings, for the Leaks view. */
export const summaryRequest = new RequestType<object, unknown, unknown>("leakline/summary");

/** Shows the findings of a recording; answers when it is analysed. */
export const analyzeRequest = new RequestType<
  { paths: string[]; workspace: string },
  unknown,
  unknown
>("leakline/analyze");

/** The text of a source that is no file of this machine. */
export const sourceContentRequest = new RequestType<{ uri: string }, unknown, unknown>(
  "leakline/sourceContent",
);
