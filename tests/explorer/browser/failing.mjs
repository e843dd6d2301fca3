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

/** A server that takes for ever to answer a question, until it is told not to. */
export function slowServer(server, question, said) {
  let slow = true;
  return {
    ask(view, params, onProgress) {
      if (view !== question || !slow) {
        return server.ask(view, params, onProgress);
      }
      slow = false;
      let cancel;
      const answer = new Promise((_, reject) => {
        cancel = () => reject(new Error("cancelled"));
      });
      onProgress(said, 60);
      return { answer, cancel };
    },
  };
}

/** Cancels, sees that it was cancelled, and loads after all. */
export async function cancelLoading({ page, view }) {
  const progress = await cancelWhile(page, "Working out retained sizes…");
  await page.getByRole("button", { name: "Load it" }).click();
  await view.ready();
  return { progress, tabs: await view.tabs.count() };
}

/** Cancels a view that takes long, looks at another meanwhile, and has it after all. */
export async function cancelView({ page, view }, tab, said, again, shown) {
  await view.ready();
  await view.show(tab);
  await page.getByText(said).waitFor();
  await view.show("Statistics");
  await page.locator(".legend table").waitFor();
  await view.show(tab);
  const progress = await cancelWhile(page, said);
  await page.getByRole("button", { name: again }).click();
  await page.locator(shown).first().waitFor();
  return { progress };
}

async function cancelWhile(page, said) {
  await page.getByText(said).waitFor();
  const progress = await page.getByRole("progressbar").getAttribute("value");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("heading", { name: "Cancelled" }).waitFor();
  return progress;
}
