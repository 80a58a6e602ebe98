import { type Client, fullReference } from "@taskio/containerd";
import { TaskIOError } from "@taskio/core";
import { shellWord } from "../cli/shell-word.ts";
import { foreignCommand } from "./foreign-command.ts";
import { inEachNamespace } from "./in-each-namespace.ts";
import { isNotFound } from "./is-not-found.ts";
import type { Runtime } from "./open-runtime.ts";
import { orNone } from "./or-none.ts";

/** @throws TaskIOError `NOT_FOUND` that says how to get it, where a server doesn't have an image */
export async function checkImage(runtime: Runtime, image: string): Promise<void> {
  try {
    await runtime.client.images.get(image);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw await notHere(runtime, image, error as TaskIOError);
  }
}

async function notHere(runtime: Runtime, image: string, cause: TaskIOError): Promise<TaskIOError> {
  const { client } = runtime;
  const { namespace } = client;
  const remedy = `pull it with ${pull(runtime, fullReference(image))}`; // ctr takes no short ones
  const [other] = await namespacesWith(client, image).catch(() => []);
  const elsewhere = other ? `it is in "${other}": give --namespace ${other}, or ` : "";
  const message = `no image "${image}" in the namespace "${namespace}": ${elsewhere}${remedy}`;
  return new TaskIOError("NOT_FOUND", message, { cause });
}

/** What went wrong with a container of an image, where that is not whole, or not unpacked. */
export function notUsable(runtime: Runtime, image: string, error: unknown): unknown {
  if (!isNotFound(error)) return error;
  const message = whyNotUsable(runtime, image, (error as TaskIOError).message);
  return message === undefined ? error : new TaskIOError("NOT_FOUND", message, { cause: error });
}

function whyNotUsable(runtime: Runtime, image: string, message: string): string | undefined {
  if (message.startsWith("no content ")) {
    return `the image "${image}" is not whole: pull it again with ${pull(runtime, image)}`;
  }
  const unpacked = /^(the image "(.+?)" is not unpacked for the snapshotter "(.+?)"): /;
  const [, what, name, snapshotter] = unpacked.exec(message) ?? [];
  if (what === undefined) return undefined;
  const remedy = pull(runtime, name!, `--snapshotter ${shellWord(snapshotter!)} `);
  return `${what}: unpack it with ${remedy}, or choose a snapshotter that has it`;
}

function pull(runtime: Runtime, reference: string, flags = ""): string {
  return foreignCommand("ctr", `image pull ${flags}${shellWord(reference)}`, runtime);
}

function namespacesWith(client: Client, image: string): Promise<string[]> {
  return inEachNamespace(client, async ({ images, namespace }) => {
    const found = await orNone(images.get(image));
    return found ? [namespace] : [];
  });
}
