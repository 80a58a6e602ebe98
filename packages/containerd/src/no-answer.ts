/** What is thrown where a server takes connections or calls, and says nothing. */
export function noAnswer(): Error {
  return Object.assign(new Error("no answer"), { code: "ETIMEDOUT" });
}
