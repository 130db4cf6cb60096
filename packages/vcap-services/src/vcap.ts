#!/usr/bin/env node
import { runVcap } from './cli/run-vcap.js'

const exitCode = runVcap(process.argv.slice(2), {
  env: process.env,
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
})
// Not `process.exit`, which would cut off what a pipe has not taken yet.
void exitCode.then((code) => {
  process.exitCode = code
})
