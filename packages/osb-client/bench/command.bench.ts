// What starting `osb` costs beside starting Node, by user CPU time: `--version`, and `marketplace` from a state with a
// broker of 20 offerings. OSB_BENCH_PAIRS (rounds, default 31), each with a control that should be 1.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPlatform } from '../src/platform.js'
import { startFakeBroker } from '../src/testing.js'
import { compileCommand } from './support/compile-command.js'
import { judge, spreadOf, twoDigits } from './support/statistics.js'

const pairs = Number(process.env['OSB_BENCH_PAIRS'] ?? 31)
const folder = mkdtempSync(join(tmpdir(), 'osb-bench-'))

/** Milliseconds of user CPU time, as the shell tells of its child. */
function userMs(args: readonly string[]): number {
  // Several starts in one measurement: the system splits user from system time by samples.
  const script = 'TIMEFORMAT=%U; time for start in 1 2 3 4 5; do "$@" > /dev/null 2>&1; done'
  const env = { PATH: process.env['PATH'], OSB_HOME: folder }
  const { status, stderr } = spawnSync('bash', ['--norc', '-c', script, 'bash', process.execPath, ...args], {
    env,
    encoding: 'utf8',
  })
  const seconds = Number(stderr.trim().split('\n').at(-1))
  if (status !== 0 || !(seconds > 0)) throw new Error(`${args.join(' ')} failed: ${stderr}`)
  return seconds * 1000
}

async function fillState(): Promise<void> {
  const plans = ['small', 'large'].map((name) => ({ id: name, name, description: `A ${name} one` }))
  const services = Array.from({ length: 20 }, (_each, at) => ({
    id: `offering-${at}`,
    name: `offering-${at}`,
    description: `The offering number ${at}`,
    bindable: true,
    plans: plans.map((plan) => ({ ...plan, id: `${plan.id}-${at}` })),
  }))
  const broker = await startFakeBroker({ catalog: { services } })
  const platform = openPlatform({ folder })
  await platform.createBroker({ name: 'bench', url: broker.url })
  for (const { name } of services) await platform.enableAccess({ offering: name })
  await platform.close()
  await broker.close()
}

try {
  const command = await compileCommand()
  await fillState()
  const bare = ['-e', '0']
  const contestants = [
    { name: 'osb --version', bar: 1.5, args: [command, '--version'] },
    { name: 'osb marketplace', bar: 2.5, args: [command, 'marketplace'] },
  ]
  const rounds = contestants.map(() => [] as { ratio: number; control: number }[])
  for (let round = 0; round < pairs + 2; round++)
    for (const [at, { args }] of contestants.entries()) {
      const [first, ours, second] = [userMs(bare), userMs(args), userMs(bare)]
      // The first two warm up the caches of the system.
      if (round >= 2) rounds[at]?.push({ ratio: (2 * ours) / (first + second), control: first / second })
    }
  for (const [at, { name, bar }] of contestants.entries()) {
    const all = rounds[at] ?? []
    const ratio = spreadOf(all.map((each) => each.ratio))
    const control = spreadOf(all.map((each) => each.control)).median
    // Less is better here, so that both are turned over.
    const verdict = judge(1 / ratio.median, 1 / bar, control)
    const spread = `${twoDigits(ratio.lowest)} to ${twoDigits(ratio.highest)}`
    console.log(
      `${name}: ${twoDigits(ratio.median)} x node -e 0 (${spread}), at most ${bar}: ${verdict}; control ${twoDigits(control)}`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
