// A driver with a log of two files, of which the older one is compressed: as docs/log-drivers.md has it.
import { openLogWriter, runDriver } from "../../../src/index.ts";

await runDriver(
  async ({ config, stdout, stderr, ready, terminated }) => {
    const options = { maxSize: 1 << 20, maxFiles: 2, compress: true };
    await using log = await openLogWriter(config["path"]!, options);
    ready();
    const logged = [stdout, stderr].map(async (stream) => {
      for await (const chunk of stream) await log.write(stream.name, chunk);
      await log.end(stream.name);
    });
    await Promise.all(logged);
    await log.close({ signal: terminated });
  },
  { drainMs: Number(process.argv.at(-1)) },
);
