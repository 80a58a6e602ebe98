import { outputRow } from "../output-row.ts";

/** Eight tasks that write at once. */
export const eightTasks = outputRow("eight-tasks", { sink: "null", tasks: 8 });
