import http from "node:http";

const auditLog = [];

function audit(request) {
  const line = JSON.stringify({ at: Date.now(), path: request.url, headers: request.headers });
  auditLog.push(line);
  return line;
}

const server = http.createServer((request, response) => {
  response.end(`${audit(request)}\n`);
});

server.listen(Number(process.env.PORT ?? 8787), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
