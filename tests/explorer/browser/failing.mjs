// Files that are no snapshots, and users who change their mind.
import { writeFile } from "node:fs/promises";
import path from "node:path";

const FILES = {
  "empty.heapsnapshot": "",
  "text.heapsnapshot": "this is no heap",
  "cut.heapsnapshot": '{"snapshot":{"meta":{"node_fields":["type"',
  "gone.heapsnapshot": null,
};

/** What is said of each bad file. */
export async function badFiles(look, oneSubject, folder) {
  const said = {};
  for (const [name, content] of Object.entries(FILES)) {
    const file = path.join(folder, name);
    if (content !== null) {
      await writeFile(file, content);
    }
    said[name] = await look(name, oneSubject(file), async ({ page, view }) => {
      await page.getByRole("alert").waitFor();
      const text = await page.getByRole("alert").innerText();
      const faults = await view.faults();
      return { text, faults, retry: await page.getByRole("button", { name: "Try again" }).count() };
    });
  }
  return said;
}

/** A server that takes for ever to load, until it is told not to. */
export function slowServer(server) {
  let slow = true;
  return {
    ask(view, params, onProgress) {
      if (view !== "load" || !slow) {
        return server.ask(view, params, onProgress);
      }
      slow = false;
      let cancel;
      const answer = new Promise((_, reject) => {
        cancel = () => reject(new Error("cancelled"));
      });
      onProgress("working out retained sizes", 60);
      return { answer, cancel };
    },
  };
}

/** Cancels, sees that it was cancelled, and loads after all. */
export async function cancelLoading({ page, view }) {
  const cancel = page.getByRole("button", { name: "Cancel" });
  await page.getByText("Working out retained sizes…").waitFor();
  const progress = await page.getByRole("progressbar").getAttribute("value");
  await cancel.click();
  await page.getByRole("heading", { name: "Cancelled" }).waitFor();
  await page.getByRole("button", { name: "Load it" }).click();
  await view.ready();
  return { progress, tabs: await view.tabs.count() };
}
