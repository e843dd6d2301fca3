import { handle } from "./leak.js";

export default {
  // Wrangler's inspector shows one of its Workers, and which one is chance: both leak.
  async fetch(request, env) {
    handle(new URL(request.url).pathname);
    return env.SECOND.fetch(request);
  },
};
