// All of the command but its version: see osb.ts.
export { runProcess } from './cli/run-process.js'
