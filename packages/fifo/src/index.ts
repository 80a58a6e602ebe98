export { defaultFIFODir } from "./default-fifo-dir.ts";
export { newAttach } from "./new-attach.ts";
export { newCreator } from "./new-creator.ts";
export { newFIFOSetInDir } from "./new-fifo-set-in-dir.ts";
export { type FIFO, openFifo, type OpenFifoOptions } from "./open-fifo.ts";
