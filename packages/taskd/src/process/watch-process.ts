import { processIdentity } from "./proc.ts";

/** How soon the end of a process that isn't our child is seen, in ms. */
const period = 100;

/** Calls back when a process that isn't our child has ended. */
export function watchProcess(pid: number, identity: string, ended: () => void): void {
  const timer = setInterval(() => {
    if (processIdentity(pid) === identity) return;
    clearInterval(timer);
    ended();
  }, period);
  timer.unref();
}
