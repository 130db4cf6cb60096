#!/usr/bin/env node
// Starting must cost little more than Node itself: all but the version is imported where it is needed.
import { readFileSync } from 'node:fs'

const args = process.argv.slice(2)
const asksVersion = args.length === 1 && /^(?:--version|-v|version)$/.test(args[0] ?? '')
if (asksVersion) {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  process.stdout.write(`osb ${(JSON.parse(manifest) as { version: string }).version}\n`)
} else void import('./command.js').then(({ runProcess }) => runProcess(args))
