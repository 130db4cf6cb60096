#!/usr/bin/env node
import { once } from 'node:events'
import { runCommand } from './command/run-command.js'

const surroundings = {
  environment: process.env,
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
  untilEnded: () => Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]),
}

void runCommand(process.argv.slice(2), surroundings).then((exitCode) => {
  process.exitCode = exitCode
})
