import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testBroker, testFolder } from '../support/open-test-platform.js'
import { runCli } from '../support/run-cli.js'

/** An instance with a key, and an app that is bound to it. */
async function prepared() {
  const broker = await testBroker()
  const env = { OSB_HOME: join(testFolder(), 'state'), OSB_BROKER_PASSWORD: 'broker-secret' }
  for (const line of [
    ['create-service-broker', 'fake', 'admin', broker.url],
    ['enable-service-access', 'collector'],
    ['create-service', 'collector', 'normal', 'records'],
    ['create-service-key', 'records', 'admin'],
    ['bind-service', 'shop', 'records'],
  ])
    expect(await runCli(line, { env })).toMatchObject({ code: 0 })
  return env
}

const terminal = { columns: 80 }

describe('what cannot be undone', () => {
  it.each([
    [['delete-service', 'records'], 'Really delete service instance records? [y/N] '],
    [['delete-service-key', 'records', 'admin'], 'Really delete service key admin of service instance records? [y/N] '],
    [['delete-app', 'shop'], 'Really delete app shop? [y/N] '],
    [['delete-service-broker', 'fake'], 'Really delete service broker fake? [y/N] '],
    [['purge-service-instance', 'records'], 'Really purge service instance records? [y/N] '],
    [['purge-service-offering', 'collector'], 'Really purge service offering collector with all its instances? [y/N] '],
    [['upgrade-service', 'records'], 'Really upgrade service instance records? [y/N] '],
  ])('%j is asked for on a terminal, and anything but yes is no', async (line, question) => {
    const env = await prepared()
    const before = await runCli(['services', '--json'], { env })
    for (const stdin of ['n\n', '\n', '', 'yesterday\n'])
      expect(await runCli(line, { env, terminal, stdin })).toEqual({
        code: 0,
        stdout: 'Cancelled: nothing was changed.\n',
        stderr: question,
      })
    expect(await runCli(['services', '--json'], { env })).toEqual(before)
  })

  it('is done after a yes, with -f, and where nobody can be asked', async () => {
    const env = await prepared()
    const asked = await runCli(['delete-app', 'shop'], { env, terminal, stdin: 'y\n' })
    expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining('OK') as string })
    const forced = await runCli(['delete-service-key', 'records', 'admin', '-f'], { env, terminal })
    expect(forced).toMatchObject({ code: 0, stdout: expect.stringContaining('OK') as string })
    expect(forced.stderr).not.toContain('Really')
    const piped = await runCli(['delete-service', 'records'], { env })
    expect(piped).toMatchObject({ code: 0, stdout: expect.stringContaining('records deleted') as string })
  })
})
