/** What Leakline's server understands beside the standard protocol. */

import { NotificationType } from "vscode-languageclient/node";

import type { ServerStatus } from "./status";

export const SERVER_COMMANDS = {
  measure: "leakline.measure",
  capture: "leakline.capture",
} as const;

export const statusNotification = new NotificationType<ServerStatus>("leakline/status");
