import { warn } from "./warn.ts";

/** What listeners are to be told when a write is done, since they may write too. */
export class Announcements {
  #calls: (() => void)[] = [];

  add<T>(listener: (news: T) => void, news: T): void {
    this.#calls.push(() => listener(news));
  }

  make(): void {
    if (this.#calls.length === 0) return;
    const calls = this.#calls;
    this.#calls = [];
    for (const call of calls) attempt(call);
  }
}

/** What a listener throws must not fail the write. */
function attempt(call: () => void): void {
  try {
    call();
  } catch (error) {
    warn(error);
  }
}
