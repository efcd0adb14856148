// tests/bench/receiver.mjs — a receiver of webhooks that answers 204 at once; prints its port.
import { createServer } from "node:net";

const answer = Buffer.from("HTTP/1.1 204 No Content\r\n\r\n");
const server = createServer({ noDelay: true }, (socket) => {
  let kept = "";
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    kept += chunk.toString("latin1");
    for (;;) {
      const end = kept.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(kept.slice(0, end))?.[1] ?? 0);
      if (kept.length < end + 4 + length) return;
      kept = kept.slice(end + 4 + length);
      socket.write(answer);
    }
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
