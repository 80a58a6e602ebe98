import type { Row } from "./row.ts";
import { cancel } from "./rows/01-cancel.ts";
import { drainAtDelete } from "./rows/02-drain-at-delete.ts";
import { closeBeforeWait } from "./rows/03-close-before-wait.ts";
import { backgroundChild } from "./rows/04-background-child.ts";
import { unreadAtDelete } from "./rows/05-unread-at-delete.ts";
import { shortStdin } from "./rows/06-short-stdin.ts";
import { terminalStdinEnd } from "./rows/07-terminal-stdin-end.ts";
import { twoAttachers } from "./rows/08-two-attachers.ts";
import { attachToLog } from "./rows/09-attach-to-log.ts";
import { failedAttach } from "./rows/10-failed-attach.ts";
import { attachToStopped } from "./rows/11-attach-to-stopped.ts";
import { nobodyReads } from "./rows/12-nobody-reads.ts";
import { deadSink } from "./rows/13-dead-sink.ts";
import { leftFolders } from "./rows/14-left-folders.ts";
import { foreignFiles } from "./rows/15-foreign-files.ts";
import { terminalStderr } from "./rows/16-terminal-stderr.ts";
import { blockingOpen } from "./rows/17-blocking-open.ts";
import { missingStreams } from "./rows/18-missing-streams.ts";
import { partialStreams } from "./rows/19-partial-streams.ts";
import { fastExit } from "./rows/20-fast-exit.ts";
import { lastChunk } from "./rows/21-last-chunk.ts";
import { longLine } from "./rows/22-long-line.ts";
import { followRotation } from "./rows/23-follow-rotation.ts";
import { loggerReady } from "./rows/24-logger-ready.ts";
import { loggerEnd } from "./rows/25-logger-end.ts";
import { terminalSize } from "./rows/26-terminal-size.ts";
import { detachKeys } from "./rows/27-detach-keys.ts";
import { afterDetach } from "./rows/28-after-detach.ts";
import { terminalOutput } from "./rows/29-terminal-output.ts";
import { signals } from "./rows/30-signals.ts";
import { reattach } from "./rows/31-reattach.ts";
import { failedConsumer } from "./rows/32-failed-consumer.ts";
import { defaultDir } from "./rows/33-default-dir.ts";
import { logSize } from "./rows/34-log-size.ts";

/** All that are tried, in the order of their numbers. */
export const rows: readonly Row[] = [
  cancel,
  drainAtDelete,
  closeBeforeWait,
  backgroundChild,
  unreadAtDelete,
  shortStdin,
  terminalStdinEnd,
  twoAttachers,
  attachToLog,
  failedAttach,
  attachToStopped,
  nobodyReads,
  deadSink,
  leftFolders,
  foreignFiles,
  terminalStderr,
  blockingOpen,
  missingStreams,
  partialStreams,
  fastExit,
  lastChunk,
  longLine,
  followRotation,
  loggerReady,
  loggerEnd,
  terminalSize,
  detachKeys,
  afterDetach,
  terminalOutput,
  signals,
  reattach,
  failedConsumer,
  defaultDir,
  logSize,
];
