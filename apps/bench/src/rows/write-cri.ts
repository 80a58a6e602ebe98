import { logRow } from "../log-row.ts";

/** Kubernetes' format, beside the logger of containerd's CRI plugin. */
export const writeCri = logRow("write-cri", "cri");
