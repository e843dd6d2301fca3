export interface Page {
  readonly path: string;
  readonly body: string;
  readonly renderedAt: number;
}

/** Rendered pages by path. Nothing ever takes one out: every new path stays. */
export const pageCache: Map<string, Page> = new Map();

function render(path: string): Page {
  const rows: string[] = [];
  for (let i = 0; i < 200; i++) {
    rows.push(`<li>${path} row ${i}</li>`);
  }
  return { path, body: `<ul>${rows.join("")}</ul>`, renderedAt: Date.now() };
}

export function rememberPage(path: string): Page {
  let page = pageCache.get(path);
  if (page === undefined) {
    page = render(path);
    pageCache.set(path, page);
  }
  return page;
}
