import type { Http2Server } from "node:http2";

/** Calls back once nothing has been going on for a while: no task, and no client connected. */
export class IdleWatch {
  readonly #isBusy: () => boolean;
  readonly #sessions = new Set<unknown>();
  readonly #timer: ReturnType<typeof setInterval>;
  #idleSince = performance.now();

  constructor(server: Http2Server, isBusy: () => boolean, idleMs: number, idle: () => void) {
    this.#isBusy = isBusy;
    server.on("session", (session) => {
      this.#sessions.add(session);
      session.on("error", () => {}); // of a client that left in the middle
      session.once("close", () => {
        this.#sessions.delete(session);
        this.#idleSince = performance.now();
      });
    });
    this.#timer = setInterval(
      () => {
        if (this.busy) this.#idleSince = performance.now();
        else if (performance.now() - this.#idleSince >= idleMs) idle();
      },
      Math.min(1_000, Math.max(10, idleMs / 4)),
    );
  }

  get busy(): boolean {
    return this.#sessions.size > 0 || this.#isBusy();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
