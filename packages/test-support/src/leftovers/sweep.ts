import { abandonedFolders } from "../daemon-folder.ts";
import { cleanUp } from "./clean-up.ts";

/** How many are removed at one start. */
const most = 8;

/** Removes what test processes have left that were killed. */
export async function sweep(runc: string): Promise<void> {
  for (const folder of abandonedFolders().slice(0, most)) {
    // Another process may be removing it too. What fails is tried again by the next start.
    await cleanUp(folder, runc).catch(() => {});
  }
}
