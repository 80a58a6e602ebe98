/** Tells the bench that all streams are attached. */
export function ready(): void {
  console.log("ready");
}
