import { newFIFOSet, withFIFODir, withStreams } from "@taskio/core";
import { newHubAttach, withHub } from "@taskio/hub";
import { dirname } from "node:path";
import { now } from "./clock.ts";
import { configOf } from "./config-of.ts";
import { openSink } from "./open-sink.ts";
import { ready } from "./ready.ts";

/** Views an output by its hub, until its end. */
export async function view(sink: string, stdout: string) {
  let missed = 0;
  const attach = newHubAttach(
    withStreams(
      undefined,
      openSink(sink, () => {}),
    ),
    withHub({ onMissed: ({ bytes }) => void (missed += bytes) }),
    withFIFODir(dirname(stdout)),
  );
  const io = await attach(newFIFOSet(configOf({ stdout })));
  ready();
  const { stdout: result } = await io.wait();
  return { end: now(), bytes: result!.bytes, missed };
}
