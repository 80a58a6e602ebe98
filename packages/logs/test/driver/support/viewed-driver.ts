// A driver that others can look at while it logs.
import { newOutputHub } from "@taskio/hub";
import { openLogWriter, runDriver } from "../../../src/index.ts";

await runDriver(async ({ config, stdout, stderr, ready, terminated }) => {
  await using log = await openLogWriter(`${config["dir"]}/task.log`);
  const options = { socket: `${config["dir"]}/hub.sock`, log };
  await using hub = await newOutputHub({ stdout, stderr }, options);
  ready();
  await hub.wait();
  await log.close({ signal: terminated });
});
