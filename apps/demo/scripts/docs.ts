// Writes docs/cli.md from the command's own help.
import { cliDocs } from "./cli-docs.ts";

await Bun.write(new URL("../../../docs/cli.md", import.meta.url), await cliDocs());
