import { type Client, connect } from "@taskio/containerd";
import { existsSync } from "node:fs";
import { isNotFound } from "../client/is-not-found.ts";
import { isUnavailable } from "../client/until-back.ts";
import { endWithoutWriter } from "./end-without-writer.ts";
import type { HubSpec } from "./hub-messages.ts";

/**
 * How often to look without being told of anything, in ms: soon at first, for a subscription is not
 * confirmed, then twice as long each time.
 */
const periods = { first: 500, longest: 30_000 };
/** How long a task may be seen after the event of its deletion, and how often to look then, in ms. */
const lastLooks = { for: 30_000, first: 20, longest: 500 };
/** How long a runtime may be away before it is taken for gone, in ms. */
const longestAway = 600_000;
/** How long until a runtime that is away is tried again, in ms. */
const pause = 1000;

/** What a hub has to know of its task, and has to tell its runtime, through restarts of that. */
export class TaskWatch implements AsyncDisposable {
  readonly #spec: HubSpec;
  readonly #report: (error: unknown) => void;
  #client: Promise<Client> | undefined;
  /** When the runtime has answered last, by `performance.now()`. */
  #answered = performance.now();
  #hasStopped = false;

  constructor(spec: HubSpec, report: (error: unknown) => void) {
    this.#spec = spec;
    this.#report = report;
  }

  /**
   * Waits until the task is deleted, or another one has its id.
   *
   * @param isOver whether its outputs are at their end: it is not waited for any longer then where its
   * runtime is away for too long
   */
  async untilDeleted(isOver: () => boolean): Promise<void> {
    for (let period = periods.first; ; period = Math.min(2 * period, periods.longest)) {
      const found = await this.#isThere();
      if (found === false) return;
      const isAway = performance.now() - this.#answered > longestAway;
      if (found === undefined && isAway && isOver()) return;
      try {
        if (await this.#isBeingDeleted(period)) await this.#untilUnseen();
      } catch (error) {
        if (!isUnavailable(error)) this.#report(error);
        await Bun.sleep(pause);
      }
    }
  }

  /** Makes a call about the task, again while its runtime is away. That the task is gone is fine. */
  async tell(call: (client: Client, id: string) => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await call(await this.#connected(), this.#spec.id);
        return;
      } catch (error) {
        if (isNotFound(error) && existsSync(this.#spec.address)) return;
        if (!isUnavailable(error) && !isNotFound(error)) return this.#report(error);
      }
      await Bun.sleep(pause);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    await client?.[Symbol.asyncDispose]();
  }

  /** Undefined where the runtime does not answer. */
  async #isThere(): Promise<boolean | undefined> {
    let client: Client;
    try {
      client = await this.#connected();
    } catch {
      return undefined; // its socket may be missing too
    }
    try {
      const { config, state } = await client.tasks.get(this.#spec.id);
      this.#answered = performance.now();
      if (config.stdout !== this.#spec.config.stdout) return false;
      if (state === "stopped" && !this.#hasStopped) endWithoutWriter(config);
      this.#hasStopped = state === "stopped";
      return true;
    } catch (error) {
      if (isNotFound(error)) return this.#isListed(client);
      if (!isUnavailable(error)) this.#report(error);
      return undefined;
    }
  }

  /** One whose shim does not answer its runtime yet, after a restart, is not found, and listed. */
  async #isListed(client: Client): Promise<boolean | undefined> {
    try {
      const tasks = await client.tasks.list();
      return tasks.some(({ id }) => id === this.#spec.id);
    } catch (error) {
      if (!isUnavailable(error)) this.#report(error);
      return undefined;
    }
  }

  /** Its deletion was told: looks until it can't be seen, which comes later. */
  async #untilUnseen(): Promise<void> {
    const deadline = performance.now() + lastLooks.for;
    for (
      let ms = lastLooks.first;
      performance.now() < deadline;
      ms = Math.min(2 * ms, lastLooks.longest)
    ) {
      if (!(await this.#isThere())) return;
      await Bun.sleep(ms);
    }
  }

  /** Listens for so many ms. False where a look is due without an event. */
  async #isBeingDeleted(period: number): Promise<boolean> {
    const client = await this.#connected().catch(() => undefined);
    if (!client) {
      await Bun.sleep(pause);
      return false;
    }
    const { namespace, id } = this.#spec;
    const filter = `namespace==${quoted(namespace)},topic=="/tasks/delete",event.container_id==${quoted(id)}`;
    const signal = AbortSignal.timeout(period);
    await using events = client.events({ filters: [filter], signal });
    try {
      await events.subscribed();
      if (!(await this.#isThere())) return false; // it was deleted before
      for await (const { type, data } of events) {
        if (type === "gap") return false;
        if (type === "TaskDelete" && ["", id].includes(data.id)) return true; // and no exec's
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    if (!signal.aborted) await Bun.sleep(pause); // the server has ended it
    return false;
  }

  #connected(): Promise<Client> {
    const { address, namespace } = this.#spec;
    this.#client ??= connect({ address, namespace });
    this.#client.catch(() => (this.#client = undefined));
    return this.#client;
  }
}

function quoted(value: string): string {
  return JSON.stringify(value);
}
