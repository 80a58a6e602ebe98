/**
 * The most bytes of data that a record is given, its newline counted; a longer line becomes several
 * records. As containerd's CRI plugin (`max_container_log_line_size`) and docker cut by default.
 */
export const maxData = 16 * 1024;
