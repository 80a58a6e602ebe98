import { Events } from "../../src/proto.ts";
import { startFakeServer } from "./fake-server.ts";

await startFakeServer({
  address: process.argv[2]!,
  services: (router) => router.service(Events, { subscribe: neverAnything }),
});
console.log("listening");

async function* neverAnything(): AsyncGenerator<never> {
  await new Promise(() => {});
}
