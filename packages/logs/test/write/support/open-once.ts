// Opens a log writer in a process of its own, and says how that went.
import { openLogWriter } from "../../../src/index.ts";

try {
  await (await openLogWriter(process.argv[2]!)).close();
  console.log("opened");
} catch (error) {
  console.log(String(error));
}
