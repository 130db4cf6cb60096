import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findVerb } from '../../src/cli/verb.js'
import { verbs } from '../../src/cli/verbs.js'
import { testBroker, testFolder } from '../support/open-test-platform.js'
import { runCli } from '../support/run-cli.js'

const home = () => ({ OSB_HOME: join(testFolder(), 'state') })

describe('help', () => {
  it('names no word twice', () => {
    const words = verbs.flatMap(({ name, aliases }) => [name, ...aliases])
    expect(new Set(words).size).toBe(words.length)
  })

  it.each(verbs.map(({ name }) => name))('%s has its usage, all options and an example', async (name) => {
    const { code, stdout, stderr } = await runCli([name, '--help'])
    const entry = findVerb(verbs, name)
    const { verb } = (await entry?.load()) ?? {}
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`osb ${name}: ${entry?.summary}\n\n  osb ${name}`)
    expect(stdout).toMatch(/\nExample\n {2}(?:osb|source) /)
    for (const option of Object.keys(verb?.options ?? {})) expect(stdout).toContain(`--${option}`)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
    expect(await runCli(['help', name])).toEqual({ code, stdout, stderr })
    for (const alias of entry?.aliases ?? []) expect((await runCli([alias, '-h'])).stdout).toBe(stdout)
  })

  it('tells of all verbs, exit codes and the state', async () => {
    const { code, stdout } = await runCli(['--help'])
    expect(code).toBe(0)
    for (const { name } of verbs) expect(stdout).toContain(`\n  ${name}`)
    for (const word of ['Exit codes', 'OSB_HOME', '--show-secrets']) expect(stdout).toContain(word)
    expect(await runCli([])).toEqual({ code: 2, stdout, stderr: '' })
  })
})

it.each([
  ['servces', 'services'],
  ['bind', 'bind-service'],
  ['create-srevice', 'create-service'],
])('who writes %s is told of %s', async (written, meant) => {
  expect((await runCli([written])).stderr).toContain(`\nDid you mean "osb ${meant}"? Run`)
})

describe('every error says what to do next', () => {
  const login = ['--username', 'u', '--password-stdin']
  it.each([
    [['no-verb'], 2, 'there is no verb "no-verb"'],
    [['help', 'no-verb'], 2, 'there is no verb "no-verb"'],
    [['create-service'], 2, 'create-service needs OFFERING PLAN NAME'],
    [['services', 'more'], 2, 'services was given too much: more'],
    [['services', '--no-option'], 2, "services: Unknown option '--no-option'"],
    [['services', '--timeout', 'soon'], 2, '--timeout soon is no time'],
    [['services', '--profile', 'aws'], 2, 'there is no profile aws'],
    [['create-service-broker', 'a', 'u', 'no url'], 2, 'the URL of the broker is none'],
    [['create-service-broker', 'a', 'u', 'http://u:p@h'], 2, 'the URL of the broker has a login in it'],
    [['create-service-broker', 'a', 'u', 'http://h'], 2, 'the password of the broker is missing'],
    [['update-service-broker', 'a', 'u'], 2, 'update-service-broker needs USER and URL, or neither'],
    [['update-service-broker', 'a'], 3, 'there is no service broker a'],
    [['delete-service-broker', 'a'], 3, 'there is no service broker a'],
    [['enable-service-access', 'a'], 3, 'there is no service offering a'],
    [['marketplace', '-e', 'a'], 3, 'there is no service offering a that you may order'],
    [['purge-service-offering', 'a'], 3, 'there is no service offering a'],
    [['create-service', 'a', 'b', 'c'], 3, 'there is no service offering a'],
    [['create-service', 'a', 'b', 'c', '-c', '{'], 2, '-c is not JSON'],
    [
      ['create-service', 'a', 'b', 'c', '-c', '[]'],
      2,
      '-c is neither a JSON object nor a file that can be read (ENOENT)',
    ],
    [['create-service', 'a', 'b', 'c', '-w', '--no-wait'], 2, '--wait and --no-wait exclude each other'],
    [['update-service', 'a'], 2, 'update-service was not told what to change'],
    [['update-service', 'a', '-p', 'b'], 3, 'there is no service instance a'],
    [['service', 'a'], 3, 'there is no service instance a'],
    [['bind-service', 'a', 'b', '--strategy', 'x'], 2, 'there is no strategy x'],
    [['unbind-service', 'a', 'b'], 3, 'there is no service instance b'],
    [['service-key', 'a', 'b'], 3, 'there is no service instance a'],
    [['cleanup-outdated-service-bindings', 'a', '--keep-last', '0'], 2, '--keep-last is no number of bindings'],
    [['env', 'a'], 3, 'there is no app a'],
    [['env', 'a', '--format', 'x'], 2, 'there is no format x'],
    [['run', 'a'], 2, 'run needs a command behind --'],
    [['run', 'a', '--bind', 'x', '--', 'y'], 2, '--bind x names no plan'],
    [['run', 'a', '--services-as', 'x', '--', 'y'], 2, 'there is no --services-as x'],
    [['curl', '/v2/service_plans/1'], 3, '/v2/service_plans/1 is of Cloud Controller'],
    [['curl', '/v3/apps'], 3, '/v3/apps is of Cloud Controller'],
    [['curl', '/v2/catalog'], 2, 'no broker is registered'],
    [['curl', '/v2/catalog', '-b', 'a'], 3, 'there is no service broker a'],
    [['curl', '/', '--url', 'http://127.0.0.1:1', '-H', 'x'], 2, '-H is no header'],
    [['curl', '/', '--url', 'http://127.0.0.1:1', '-d', '@none'], 2, '-d @none cannot be read (ENOENT)'],
    [['curl', '/', '--url', 'http://127.0.0.1:1'], 4, 'no answer from the broker: connect ECONNREFUSED'],
    [['catalog'], 2, 'no broker was named'],
    [['catalog', 'none'], 2, 'none is no registered broker, and no file that can be read (ENOENT)'],
    [['catalog', 'http://127.0.0.1:1'], 4, 'no answer from the broker: connect ECONNREFUSED'],
    [['catalog', '-'], 4, 'what - holds is not JSON'],
    [['completion', 'fish'], 2, 'there is no completion for fish'],
    [['marketplace', '--url', 'http://127.0.0.1:1'], 4, 'catalog: no answer from the broker: connect ECONNREFUSED'],
    [['marketplace', '--url', 'http://h', '--username', 'u'], 2, 'the login has no password'],
    [['marketplace', '--url', 'http://h', ...login], 2, 'the standard input holds no password'],
    [['marketplace', '--url', 'http://h', '--ca-file', 'none'], 2, '--ca-file none cannot be read (ENOENT)'],
  ])('%j', async (args, code, message) => {
    const ended = await runCli(args, { env: home() })
    const [first = '', ...rest] = ended.stderr.trimEnd().split('\n').slice(-2)
    expect({ code: ended.code, stdout: ended.stdout, first }).toEqual({
      code,
      stdout: '',
      first: expect.stringContaining(`osb: ${message}`) as string,
    })
    expect(rest).toEqual([expect.stringMatching(/\w{3}.*[.:}'"]$|^Usage: /)])
  })

  it('a catalog that is none, and one that a broker keeps to itself', async () => {
    const folder = testFolder()
    writeFileSync(join(folder, 'catalog.json'), '{"services":[{}]}')
    const inFolder = { env: home(), cwd: folder }
    const broken = await runCli(['catalog', 'catalog.json'], inFolder)
    expect(broken).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('this is no catalog: /services/0/') as string,
    })
    expect(await runCli(['lint', 'catalog.json'], inFolder)).toMatchObject({ code: 1 })
    const { url } = await testBroker()
    const closed = await runCli(['lint', url], inFolder)
    expect(closed).toMatchObject({ code: 1, stderr: expect.stringContaining('answers 401 to /v2/catalog') as string })
    mkdirSync(join(folder, 'folder'))
    expect(await runCli(['catalog', 'folder'], inFolder)).toMatchObject({ code: 2 })
  })
})
