import { rememberPage } from "./page-cache";

interface Env {}

export default {
  async fetch(request: Request, _env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    const page = rememberPage(pathname);
    return new Response(page.body, { headers: { "content-type": "text/html" } });
  },
};
