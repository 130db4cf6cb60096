import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Catalog } from 'osb-protocol'
import { describe, expect, it } from 'vitest'
import { testBroker, testCatalog, testFolder } from '../support/open-test-platform.js'
import { runCli } from '../support/run-cli.js'

const guide = join(import.meta.dirname, '../../../../docs/guides/use-the-osb-command.md')
const [offering] = testCatalog.services as [Catalog['services'][0]]

/** Each verb, in an order in which one makes what the next one needs. */
const lines = (url: string, newerUrl: string): readonly string[] => [
  `create-service-broker fake admin ${url}`,
  'enable-service-access collector',
  'disable-service-access collector -p large -o local-org',
  'service-access',
  'service-brokers',
  'marketplace',
  'target -o org -s space',
  'enable-service-access collector',
  'create-service collector large records -t a,b',
  'update-service records -t c',
  'rename-service records archive',
  'bind-service shop archive --binding-name db',
  'create-service-key archive admin',
  'service-keys archive',
  'service-key archive admin',
  'services',
  'service archive',
  'service archive --guid',
  'apps',
  'env shop',
  'rotate-binding shop archive',
  'cleanup-outdated-service-bindings shop',
  `run shop -- ${process.execPath} -e 0`,
  'create-user-provided-service mail -p {"uri":"smtp://broker-secret"}',
  'update-user-provided-service mail -t mail',
  'cleanup',
  'curl /v2/catalog',
  'catalog fake',
  'lint fake',
  'diff fake fake',
  'codegen fake',
  'unbind-service shop archive',
  'delete-service-key archive admin',
  'delete-service archive',
  'delete-app shop',
  'purge-service-instance mail',
  `update-service-broker fake admin ${newerUrl}`,
  'create-service collector normal records',
  'purge-service-offering collector',
  'delete-service-broker fake',
  'help services',
]

/** The catalog with another maintenance version of its plans. */
const withVersion = (version: string): Catalog => ({
  services: [{ ...offering, plans: offering.plans.map((plan) => ({ ...plan, maintenance_info: { version } })) }],
})

/** The same in each run: guids, times and addresses are others each time. */
function comparable(text: string, ...addresses: readonly string[]): unknown {
  const fixed = addresses.reduce((all, address, at) => all.replaceAll(address, `http://broker-${at}`), text)
  return JSON.parse(
    fixed
      .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, 'GUID')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'),
  )
}

/** Before what stands behind `--`. */
function withJson(line: string): string[] {
  const [verb = '', ...rest] = line.split(' ')
  return [verb, '--json', ...rest]
}

describe('--json', () => {
  it('is the same for every verb, one after the other', { timeout: 60_000 }, async () => {
    const broker = await testBroker()
    const newer = await testBroker(withVersion('2.0.0'))
    const folder = testFolder()
    const env = { OSB_HOME: join(folder, 'state'), OSB_BROKER_PASSWORD: 'broker-secret', OSB_PASSWORD: 'broker-secret' }
    const run = async (line: string, more: Readonly<Record<string, string>> = {}): Promise<string> => {
      const { code, stdout, stderr } = await runCli(withJson(line), {
        env: { ...env, ...more },
        cwd: folder,
      })
      expect({ line, code, stderr: code === 0 ? '' : stderr }).toEqual({ line, code: 0, stderr: '' })
      expect(stdout + stderr).not.toContain('broker-secret')
      expect(stdout).not.toContain('fake://')
      return stdout
    }
    for (const line of lines(broker.url, newer.url)) {
      const shown = line.replaceAll(broker.url, 'URL').replaceAll(newer.url, 'URL').replaceAll(process.execPath, 'node')
      const output = (await run(line)).replaceAll(process.execPath, 'node')
      expect(comparable(output, broker.url, newer.url)).toMatchSnapshot(shown)
    }
  })

  it('upgrade-service, and a failure', async () => {
    const [old, newer] = [await testBroker(), await testBroker(withVersion('2.0.0'))]
    const env = { OSB_HOME: testFolder(), OSB_BROKER_PASSWORD: 'broker-secret' }
    await runCli(['create-service-broker', 'fake', 'admin', old.url], { env })
    await runCli(['enable-service-access', 'collector'], { env })
    await runCli(['create-service', 'collector', 'normal', 'records'], { env })
    const failed = await runCli(['upgrade-service', 'records', '--json'], { env })
    expect(failed).toMatchObject({ code: 3, stdout: '' })
    expect(comparable(failed.stderr)).toMatchSnapshot('a failure')
    await runCli(['update-service-broker', 'fake', 'admin', newer.url], { env })
    // The second broker knows nothing of what the first one made.
    newer.next('update', { fault: 'error', status: 200, body: {} })
    const upgraded = await runCli(['upgrade-service', 'records', '--json'], { env })
    expect(comparable(upgraded.stdout)).toMatchSnapshot('upgrade-service')
  })

  it('check', async () => {
    const { url } = await testBroker()
    const env = { OSB_HOME: testFolder(), OSB_URL: url, OSB_USERNAME: 'admin', OSB_PASSWORD: 'broker-secret' }
    const { code, stdout } = await runCli('check --safe --only CAT-11 --seed 7 --json'.split(' '), { env })
    expect(code).toBe(0)
    expect(stdout).not.toContain('broker-secret')
    const timeless = stdout.replaceAll(/"durationMs": [\d.]+/g, '"durationMs": 0')
    // The rules that no request shows change with the checker, the shape of what is said of them does not.
    const report = comparable(timeless, url) as { notVisible: readonly object[] }
    expect({ ...report, notVisible: report.notVisible.slice(0, 1) }).toMatchSnapshot('check')
  })

  it('is documented, and tried with every verb', async () => {
    const { stdout } = await runCli(['help', '--json'])
    const { verbs } = JSON.parse(stdout) as { verbs: { name: string; aliases: string[] }[] }
    const tried = [...lines('', '').map((line) => line.split(' ')[0]), 'upgrade-service', 'completion', 'check']
    const names = verbs.map(({ name }) => name)
    expect(names.filter((name) => !tried.includes(name))).toEqual([])
    const table = readFileSync(guide, 'utf8')
      .split('\n## ')
      .find((part) => part.startsWith('JSON\n'))
    expect(names.filter((name) => !table?.includes(`\`${name}\``))).toEqual([])
    const completion = await runCli(['completion', 'bash', '--json'])
    const { script } = JSON.parse(completion.stdout) as { script: string }
    expect(script).toContain(verbs.flatMap(({ name, aliases }) => [name, ...aliases]).join(' '))
  })
})
