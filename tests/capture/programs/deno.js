import { handle } from "./leak.js";

Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.env.get("PORT")) }, (request) => {
  return new Response(handle(new URL(request.url).pathname));
});
