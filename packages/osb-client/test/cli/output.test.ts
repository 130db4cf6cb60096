import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testBroker, testFolder } from '../support/open-test-platform.js'
import { runCli } from '../support/run-cli.js'

/** A broker that everybody may order from, and what the environment has to say. */
async function prepared() {
  const broker = await testBroker()
  const env = { OSB_HOME: join(testFolder(), 'state'), OSB_BROKER_PASSWORD: 'broker-secret' }
  await runCli(['create-service-broker', 'fake', 'admin', broker.url], { env })
  await runCli(['enable-service-access', 'collector'], { env })
  return { broker, env }
}
const order = ['create-service', 'collector', 'normal', 'records']

describe('secrets', () => {
  it('are hidden unless they are asked for', async () => {
    const { env } = await prepared()
    await runCli(order, { env })
    await runCli(['create-service-key', 'records', 'key'], { env })
    await runCli(['bind-service', 'shop', 'records'], { env })
    for (const line of [
      ['service-key', 'records', 'key'],
      ['service-keys', 'records', '--json'],
      ['env', 'shop'],
    ]) {
      expect((await runCli(line, { env })).stdout).not.toContain('fake://')
      expect((await runCli([...line, '--show-secrets'], { env })).stdout).toContain('fake://')
    }
  })

  it('are written as dotenv and for a shell, to files only', async () => {
    const { env } = await prepared()
    await runCli(order, { env })
    await runCli(['bind-service', 'shop', 'records'], { env })
    const dotenv = await runCli(['env', 'shop', '--format', 'dotenv'], { env })
    expect(dotenv.stdout).toMatch(/^VCAP_APPLICATION='\{.*\}'\nVCAP_SERVICES='\{"collector".*fake:\/\/.*\}'\n$/)
    const shell = await runCli(['env', 'shop', '--format', 'shell'], { env })
    expect(shell.stdout).toMatch(/^export VCAP_APPLICATION='.*'\nexport VCAP_SERVICES='.*fake:\/\/.*'\n$/)
    const terminal = { columns: 80 }
    const refused = await runCli(['env', 'shop', '--format', 'shell'], { env, terminal })
    expect(refused).toMatchObject({ code: 2, stdout: '' })
  })

  it('are not shown by --curl, which shows the rest of each request', async () => {
    const { env, broker } = await prepared()
    const words = [...order, '-c', '{"password":"parameter-secret"}', '--curl']
    const { stderr, code } = await runCli(words, { env })
    expect(code).toBe(0)
    expect(stderr).toContain(`curl -X PUT '${broker.url}/v2/service_instances/`)
    expect(stderr).toContain('"parameters":{"password":"[hidden]"}')
    expect(stderr).toContain('-u "$OSB_USERNAME:$OSB_PASSWORD"')
    expect(stderr).not.toMatch(/parameter-secret|broker-secret|Authorization/)
    const shown = await runCli(['create-service-key', 'records', 'k', '-c', '{"a":"b"}', '--curl', '--show-secrets'], {
      env,
    })
    expect(shown.stderr).toContain('"parameters":{"a":"b"}')
  })

  it('on the command line are warned of; the standard input has a better place for them', async () => {
    const broker = await testBroker()
    const env = { OSB_HOME: join(testFolder(), 'state') }
    const piped = ['create-service-broker', 'a', 'admin', broker.url, '--password-stdin']
    expect(await runCli(piped, { env, stdin: 'broker-secret\n' })).toMatchObject({ code: 0 })
    await runCli(['delete-service-broker', 'a'], { env })
    const given = await runCli(['create-service-broker', 'a', 'admin', 'broker-secret', broker.url], { env })
    expect(given).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^Warning: a password on the command line/) as string,
    })
    expect(JSON.stringify(given)).not.toContain('broker-secret')
  })
})

describe('progress', () => {
  it('is a line for each new word of the broker', async () => {
    const { env, broker } = await prepared()
    broker.next('provision', { fault: 'async', polls: 2 })
    const { stderr } = await runCli(order, { env })
    expect(stderr).toBe(
      'Creating service instance records in org local-org / space local-space as admin...\n  in progress\n  succeeded\n',
    )
  })

  it('is a spinner on a terminal, without colours where NO_COLOR is set', async () => {
    const { env } = await prepared()
    const terminal = { columns: 60 }
    const colourful = await runCli(order, { env, terminal })
    expect(colourful.stderr).toContain('\u001b[2m⠋ Creating service instance records')
    for (const line of colourful.stderr.split(/[\r\n]/)) expect(line.length).toBeLessThan(100)
    const plain = await runCli(['delete-service', 'records', '-f'], { env: { ...env, NO_COLOR: '1' }, terminal })
    expect(plain.stderr).toContain('⠋ Deleting service instance records')
    for (const code of [0, 2, 31, 32]) expect(plain.stderr).not.toContain(`\u001b[${code}m`)
  })

  it('ends when the time is over, and the operation goes on', async () => {
    const { env, broker } = await prepared()
    broker.next('provision', { fault: 'async', polls: 1 })
    const { code, stderr } = await runCli([...order, '--timeout', '0.2'], { env })
    expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringContaining('not over within 0.2 s') as string })
    await runCli(['services'], { env })
    expect((await runCli(['services'], { env })).stdout).toContain('create succeeded')
  })

  it('is not waited for with --no-wait', async () => {
    const { env, broker } = await prepared()
    broker.next('provision', { fault: 'async', polls: 0 })
    expect((await runCli([...order, '--no-wait'], { env })).stdout).toBe('Create in progress.\nOK\n')
    expect((await runCli(['service', 'records'], { env })).stdout).toMatch(/last operation: +create succeeded/)
  })
})

describe('curl, codegen and catalogs', () => {
  it('sends a request of the user’s own', async () => {
    const { env, broker } = await prepared()
    const words = ['curl', 'v2/service_instances/i?service_id=s&plan_id=p', '-X', 'delete', '-H', 'X-Own: 1', '-i']
    const { code, stdout } = await runCli(words, { env })
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/^HTTP 410\n/) as string })
    const { method, path, headers } = broker.requests.at(-1) ?? {}
    expect({ method, path, own: headers?.['x-own'] }).toEqual({
      method: 'DELETE',
      path: '/v2/service_instances/i?service_id=s&plan_id=p',
      own: '1',
    })
  })

  it('writes the typed client of a broker to a file', async () => {
    const { env } = await prepared()
    const cwd = testFolder()
    expect((await runCli(['codegen', 'fake', '-o', 'client.ts'], { env, cwd })).stdout).toBe('client.ts is written\n')
    expect(readFileSync(join(cwd, 'client.ts'), 'utf8')).toContain('export interface BrokerCatalog')
    expect(await runCli(['codegen', 'fake', '-o', 'none/client.ts'], { env, cwd })).toMatchObject({ code: 2 })
  })

  it('shows a catalog as a tree, what is wrong with it, and what a new one changes', async () => {
    const { env } = await prepared()
    const cwd = testFolder()
    expect((await runCli(['catalog', 'fake', '--tree'], { env })).stdout).toContain('└─ large  large-id')
    const { stdout } = await runCli(['catalog', 'fake', '--json'], { env })
    writeFileSync(join(cwd, 'new.json'), stdout.replace('"normal-id"', '"other-id"'))
    const changed = await runCli(['diff', 'fake', 'new.json'], { env, cwd })
    expect(changed).toMatchObject({ code: 1, stdout: expect.stringContaining('CAT-05') as string })
    writeFileSync(join(cwd, 'bad.json'), stdout.replace('"large-id"', '"normal-id"'))
    expect(await runCli(['lint', 'bad.json'], { env, cwd })).toMatchObject({ code: 1 })
    expect(await runCli(['lint', 'fake'], { env, cwd })).toMatchObject({ code: 0 })
  })
})
