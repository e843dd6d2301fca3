import http from "node:http";

const auditLog = [];

function audit(request) {
  auditLog.push({ path: request.url, agent: request.headers["user-agent"] ?? "none" });
}

const server = http.createServer((request, response) => {
  audit(request);
  response.end("ok\n");
});

server.listen(Number(process.env.PORT ?? 8787), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
