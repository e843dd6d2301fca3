/** Sources that are no files: a bundle's or a source map's, which the server has in a recording. */

export const SOURCE_SCHEME = "leakline-source";

/** Sends a request to the server; null when there is none. */
export type AskForSource = (uri: string) => Promise<unknown>;

/**
 * The text of one source.
 *
 * @throws Error with a line for the user when it cannot be had. VS Code shows it in the editor.
 */
export async function sourceText(uri: string, ask: AskForSource): Promise<string> {
  const answer = await ask(uri);
  if (
    typeof answer === "object" &&
    answer !== null &&
    "text" in answer &&
    typeof answer.text === "string"
  ) {
    return answer.text;
  }
  throw new Error("Leakline has no text for this source any more. Measure again.");
}
