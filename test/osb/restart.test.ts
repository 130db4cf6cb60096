import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeHome, root, startOsb } from './support/run-osb.js'

const home = makeHome()
const script = join(root, 'test/osb/support/restartable-broker.ts')
const pidFile = join(home.folder, 'pid')
let port = 0
let first: ChildProcess
let env: Record<string, string>

/** A port that was free just now. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port: free } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return free
}

beforeAll(async () => {
  port = await freePort()
  first = spawn(process.execPath, [script, home.folder, String(port)], { env: home.env, cwd: root, stdio: 'inherit' })
  for (let waited = 0; !existsSync(pidFile); waited++) {
    if (waited > 600 || first.exitCode !== null) throw new Error('the broker does not start')
    await sleep(100)
  }
  const login = { OSB_USERNAME: 'checker', OSB_PASSWORD: 'a-password-of-the-login' }
  env = { ...home.env, ...login, OSB_URL: `http://127.0.0.1:${port}`, NODE: process.execPath }
}, 90_000)

afterAll(() => {
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL')
  home.remove()
})

const probe = (command: string) =>
  startOsb(['check', '--yes', '--all', '--only', 'probe:restart', '--restart-command', command], env).ended

describe('osb check --restart-command', { timeout: 120_000 }, () => {
  it('kills a broker that keeps its state in a file, starts it anew, and finds all that was there', async () => {
    const again = `"$NODE" "${script}" "${home.folder}" ${port} > /dev/null 2>&1 &`
    const { code, stdout, stderr } = await probe(`kill -9 "$(cat "${pidFile}")"; ${again}`)
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('a restart of the broker') as string })
    expect(stdout).toMatch(/✓ .*probe:restart-keeps-state/)
    expect(stdout).toMatch(/✓ .*probe:restart-ends-operations/)
    expect(Number(readFileSync(pidFile, 'utf8'))).not.toBe(first.pid)
  })

  it('says so where the command fails', async () => {
    const { code, stdout, stderr } = await probe('exit 3')
    expect(code).toBe(2)
    expect(stderr).toContain('--restart-command has ended with 3')
    expect(stdout).toContain('the broker could not be restarted: --restart-command has ended with 3')
  })
})
