import { type Timestamp, timestampFromDate } from "@bufbuild/protobuf/wkt";

/** A time of the state on disk as a message's; undefined stays undefined. */
export function timestamp(iso: string | undefined): Timestamp | undefined {
  return iso === undefined ? undefined : timestampFromDate(new Date(iso));
}
