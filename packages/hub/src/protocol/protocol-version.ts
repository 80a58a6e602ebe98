/** The version of the protocol between a hub and its viewers. */
export const protocolVersion = 1;
