import type { Row } from "./row.ts";
import { attach100 } from "./rows/attach-100.ts";
import { attach1000 } from "./rows/attach-1000.ts";
import { attach9000 } from "./rows/attach-9000.ts";
import { busyMainThread } from "./rows/busy-main-thread.ts";
import { cpuPerGb } from "./rows/cpu-per-gb.ts";
import { ctrRunBytes } from "./rows/ctr-run-bytes.ts";
import { echoFd } from "./rows/echo-fd.ts";
import { echoJs } from "./rows/echo-js.ts";
import { eightTasks } from "./rows/eight-tasks.ts";
import { fifoToAppendFile } from "./rows/fifo-to-append-file.ts";
import { fifoToFile } from "./rows/fifo-to-file.ts";
import { fifoToJs } from "./rows/fifo-to-js.ts";
import { fifoToNull } from "./rows/fifo-to-null.ts";
import { fifoToPipe } from "./rows/fifo-to-pipe.ts";
import { fifoToWebstream } from "./rows/fifo-to-webstream.ts";
import { fileToStdinFifo } from "./rows/file-to-stdin-fifo.ts";
import { hubEightViewers } from "./rows/hub-eight-viewers.ts";
import { hubToFd } from "./rows/hub-to-fd.ts";
import { jsToStdinFifo } from "./rows/js-to-stdin-fifo.ts";
import { logsTail } from "./rows/logs-tail.ts";
import { startup } from "./rows/startup.ts";
import { twoStreams } from "./rows/two-streams.ts";
import { waitingWritersCpu } from "./rows/waiting-writers-cpu.ts";
import { writeCri } from "./rows/write-cri.ts";
import { writeJsonFile } from "./rows/write-json-file.ts";

/** All, in the order of the table. */
export const rows: readonly Row[] = [
  fifoToNull,
  fifoToPipe,
  fifoToFile,
  fifoToAppendFile,
  fifoToJs,
  fifoToWebstream,
  fileToStdinFifo,
  jsToStdinFifo,
  twoStreams,
  eightTasks,
  echoFd,
  echoJs,
  attach100,
  attach1000,
  attach9000,
  cpuPerGb,
  busyMainThread,
  waitingWritersCpu,
  hubToFd,
  hubEightViewers,
  writeCri,
  writeJsonFile,
  logsTail,
  ctrRunBytes,
  startup,
];
