import { handle } from "./leak.js";

export default {
  fetch(request) {
    return new Response(handle(new URL(request.url).pathname));
  },
};
