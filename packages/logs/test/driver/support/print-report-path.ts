// Prints where a driver of this user reports to.
import { driverReportPath } from "../../../src/index.ts";

console.log(driverReportPath("default", "web-1"));
