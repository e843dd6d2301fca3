import { DurableObject } from "cloudflare:workers";
import { handle } from "./leak.js";

export class Room extends DurableObject {
  fetch(request) {
    return new Response(handle(new URL(request.url).pathname));
  }
}

export default {
  fetch(request, env) {
    return env.ROOM.get(env.ROOM.idFromName("lobby")).fetch(request);
  },
};
