import http from "node:http";
import { handle } from "./leak.js";

const server = http.createServer((request, response) => {
  response.end(handle(request.url));
});

server.listen(Number(process.env.PORT), "127.0.0.1");
