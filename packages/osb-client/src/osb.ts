#!/usr/bin/env node
// The version must cost no more than Node itself, so everything else is imported only where it is needed.
import { readFileSync } from 'node:fs'

const args = process.argv.slice(2)
if (args.length === 1 && (args[0] === '--version' || args[0] === '-v' || args[0] === 'version')) {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  process.stdout.write(`osb ${(JSON.parse(manifest) as { version: string }).version}\n`)
} else {
  const { runProcess } = await import('./cli/run-process.js')
  await runProcess(args)
}
