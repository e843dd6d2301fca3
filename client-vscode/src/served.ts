/** Which documents the server serves. */

import { languages, type DocumentSelector, type TextDocument } from "vscode";

const LANGUAGES = ["javascript", "javascriptreact", "typescript", "typescriptreact"];

/** Sources that are no files: the server has their texts in a recording. */
const SOURCE_SCHEME = "leakline-source";

export const SERVED = [
  ...["file", SOURCE_SCHEME].flatMap((scheme) =>
    LANGUAGES.map((language) => ({ language, scheme })),
  ),
  { scheme: "file", pattern: "**/.leakline.toml" },
] satisfies DocumentSelector;

export function isServed(document: TextDocument): boolean {
  return languages.match(SERVED, document) > 0;
}
