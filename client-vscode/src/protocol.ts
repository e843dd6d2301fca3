/** What Leakline's server understands beside the standard protocol. */

import { NotificationType, RequestType } from "vscode-languageclient/node";

import type { ServerStatus } from "./status";

export const SERVER_COMMANDS = {
  measure: "leakline.measure",
  capture: "leakline.capture",
  verify: "leakline.verify",
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

/** The live inspectors. */
export const targetsRequest = new RequestType<object, unknown, unknown>("leakline/targets");

/** The recordings of the open folders. */
export const recordingsRequest = new RequestType<object, unknown, unknown>("leakline/recordings");
