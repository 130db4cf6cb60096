import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runVcap } from './run-vcap.js'

const fixtures = join(import.meta.dirname, '../../test/fixtures')
const mission = join(fixtures, 'mission-invalid-vcap-services.txt')
const folder = mkdtempSync(join(tmpdir(), 'vcap-command-'))
afterAll(() => rmSync(folder, { recursive: true }))

let count = 0
function write(text: string): string {
  const file = join(folder, String(count++))
  writeFileSync(file, text)
  return file
}

async function run(...args: readonly string[]) {
  return runIn({}, ...args)
}

async function runIn(env: Record<string, string>, ...args: readonly string[]) {
  let [stdout, stderr] = ['', '']
  const code = await runVcap(args, {
    env,
    stdout: (text) => void (stdout += text),
    stderr: (text) => void (stderr += text),
  })
  return { code, stdout, stderr }
}

const services = {
  redis: [
    {
      name: 'cache',
      label: 'redis',
      plan: 'small',
      tags: ['redis', 'kv'],
      instance_name: 'cache-1',
      syslog_drain_url: 'https://SECRET',
      credentials: { password: 'SECRET', nodes: [{ host: 'SECRET', port: 1 }], ca: null },
    },
  ],
}
const file = write(JSON.stringify(services))

describe('vcap show', () => {
  it('shows a table without secrets', async () => {
    expect(await run('show', '--from', file)).toEqual({
      code: 0,
      stdout:
        'name   label  plan   tags      instance  credentials\n' +
        'cache  redis  small  redis kv  cache-1   password nodes ca\n' +
        'source: VCAP_SERVICES\n',
      stderr: '',
    })
  })

  it('reads what an app reads, and says where', async () => {
    const { stdout } = await runIn({ VCAP_SERVICES_FILE_PATH: file, VCAP_SERVICES: '{}' }, 'show')
    expect(stdout).toContain('source: VCAP_SERVICES_FILE_PATH\n')
  })

  it('says that there is nothing, and what is odd', async () => {
    expect((await runIn({ VCAP_SERVICES: '{}' }, 'show')).stdout).toBe('no services\nsource: VCAP_SERVICES\n')
    const twice = { a: [{ name: 'x\u001b[2J' }, { name: 'x\u001b[2J' }] }
    const { stdout } = await runIn({ VCAP_SERVICES: JSON.stringify(twice) }, 'show')
    expect(stdout).toContain('DUPLICATE_NAME /a/1: ')
    expect(stdout).not.toContain('\u001b')
  })

  it('tells of repairs', async () => {
    const { stdout, stderr } = await run('show', '--from', mission)
    expect(stdout).toMatch(/^rediscloud-1 +rediscloud +20mb +- +- +port host password$/m)
    expect(stderr).toBe('vcap: repaired 34 faults; "vcap check" lists them\n')
  })
})

describe('vcap get', () => {
  it('shows a service with its credentials masked', async () => {
    const { code, stdout } = await run('get', 'cache', '--from', file)
    expect(code).toBe(0)
    expect(stdout).not.toContain('SECRET')
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'cache',
      plan: 'small',
      credentials: { password: '[hidden]', nodes: [{ host: '[hidden]', port: '[hidden]' }], ca: null },
    })
  })

  it.each([
    ['password', 'SECRET\n'],
    ['/nodes/0/port', '1\n'],
    ['/nodes/0', '{\n  "host": "SECRET",\n  "port": 1\n}\n'],
  ])('shows the plain value at %s', async (path, stdout) => {
    expect(await run('get', 'cache', path, '--from', file)).toEqual({ code: 0, stdout, stderr: '' })
  })

  it.each([
    [['get', 'queue'], 1, 'NO_MATCH'],
    [['get', 'cache', 'token'], 1, 'INVALID_CREDENTIALS'],
  ])('%j ends with %i', async (args, code, error) => {
    const result = await run(...args, '--from', file)
    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toMatch(new RegExp(`^vcap: ${error}: `))
    expect(result.stderr).not.toContain('SECRET')
  })
})

describe('vcap check', () => {
  it('finds nothing in a good document', async () => {
    expect(await run('check', file)).toEqual({ code: 0, stdout: 'nothing to complain about\n', stderr: '' })
  })

  it('tells the form of a dump, which is no fault', async () => {
    const { code, stdout } = await run('check', join(fixtures, 'mission-env-dump.txt'))
    expect(code).toBe(0)
    expect(stdout).toBe(
      'note: 5:1 ASSIGNMENT: the value of an assignment was taken\n' +
        'note: 8:1 ASSIGNMENT: the value of an assignment was taken\nnothing to complain about\n',
    )
  })

  it.each([
    ['a missing comma', '{"a":[{} {}]}', '1:9 MISSING_COMMA: '],
    ['[44] a repeated key', '{"a":[],\n"a":[]}', '2:1 DUPLICATE_KEY: '],
    ['a structure', '{"a":{"name":"x"}}', 'INVALID_STRUCTURE: '],
    ['a repeated name', '{"a":[{"name":"x"},{"name":"x"}]}', '/a/1 DUPLICATE_NAME: '],
    ['a missing name', '{"a":[{}]}', 'NO_NAME: '],
    ['a CredHub reference', '{"a":[{"name":"x","credentials":{"credhub-ref":"/c"}}]}', 'CREDHUB_REF: '],
    ['an application', 'VCAP_APPLICATION={"limits":1}', 'INVALID_STRUCTURE: VCAP_APPLICATION'],
    ['[52] a long number', '{"a":[{"name":"x","credentials":{"id":12345678901234567890}}]}', '1:39 INEXACT_NUMBER: '],
    ['[59] the size of a variable', `{"a":[{"name":"${'x'.repeat(131_072)}"}]}`, 'SIZE: 131091 bytes; a variable'],
    ['[60] the size of a file', `{"a":[{"name":"${'x'.repeat(1_000_000)}"}]}`, 'SIZE: 1000019 bytes; Cloud Foundry'],
  ])('finds %s', async (_case, text, line) => {
    const { code, stdout } = await run('check', write(text))
    expect(code).toBe(1)
    expect(stdout.split('\n').filter((found) => found.startsWith(line))).toHaveLength(1)
    expect(stdout).toMatch(/^\d+ to complain about\n$/m)
  })

  it('ends with 3 where nothing helps', async () => {
    const result = await run('check', write('{"a":[{"credentials":{"password":"SECRET'))
    expect(result).toEqual({
      code: 3,
      stdout: '',
      stderr:
        'vcap: INVALID_JSON: the text cannot be repaired: a string without its end, line 1, column 34, in /a/0/credentials\n',
    })
  })
})

describe('vcap', () => {
  it.each([[[]], [['help']], [['--help']], [['show', '-h']]])('says how it is used: %j', async (args) => {
    const { code, stdout } = await run(...args)
    expect(code).toBe(0)
    for (const part of ['vcap show', 'vcap get', 'vcap exec', 'vcap check', 'Exit codes', 'Examples']) {
      expect(stdout).toContain(part)
    }
  })

  it.each([
    [['shw'], 'there is no command "shw"'],
    [['show', 'x'], 'show was given too much'],
    [['get'], 'get needs the NAME of a service'],
    [['check'], 'check needs a FILE'],
    [['check', 'x', '--from', 'y'], 'check takes its file without --from'],
    [['exec', '--', 'true'], 'exec needs --from FILE'],
    [['exec', '--from', 'x', 'true'], 'exec needs its command behind --'],
    [['exec', '--from', 'x', '--'], 'exec needs its command behind --'],
    [['show', '--', 'true'], 'only exec takes a command behind --'],
    [['show', '--all'], 'only exec takes --all'],
    [['show', '--form', 'x'], "Unknown option '--form'"],
    [['--from', 'x'], 'no command was given'],
  ])('refuses %j with 2', async (args, message) => {
    const { code, stderr, stdout } = await run(...args)
    expect(code).toBe(2)
    expect(stderr).toContain(`vcap: ${message}`)
    expect(stdout).toContain('Exit codes')
  })

  it.each([
    [['show'], 'NOT_SET'],
    [['show', '--from', join(folder, 'missing')], `UNREADABLE: ${join(folder, 'missing')} cannot be read (ENOENT)`],
    [['show', '--from', folder], `UNREADABLE: ${folder} cannot be read (EISDIR)`],
    [['show', '--from', write('{"a":1}')], 'NOT_SET'],
    [['show', '--from', write('{"a":{}}')], 'INVALID_STRUCTURE'],
  ])('ends %j with 3', async (args, message) => {
    const { code, stderr } = await run(...args)
    expect(code).toBe(3)
    expect(stderr).toContain(`vcap: ${message}`)
  })
})

const command = ['--conditions=@osb/source', '--import', 'tsx', join(import.meta.dirname, '../vcap.ts')]
const print = (...names: readonly string[]) => [
  process.execPath,
  '-e',
  `console.log(JSON.stringify([${names.map((name) => `process.env.${name} ?? null`).join()}]))`,
]

/** Runs the command as its users do, as a process of its own. */
async function start(env: Record<string, string>, ...args: readonly string[]) {
  const child = spawn(process.execPath, [...command, ...args], { env: { ...process.env, ...env } })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  return { child, output: () => stdout, ended: once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]> }
}

describe('vcap exec, as a process', () => {
  const dump = write(`VCAP_SERVICES=${JSON.stringify(services)}\nFROM_FILE=1\nBOTH=file\nPATH=/nowhere\n`)

  it('gives a command the services, in place of all others', async () => {
    const names = ['VCAP_SERVICES', 'VCAP_SERVICES_FILE_PATH', 'SERVICE_BINDING_ROOT', 'FROM_FILE', 'BOTH']
    const env = { VCAP_SERVICES_FILE_PATH: '/x', SERVICE_BINDING_ROOT: '/y', VCAP_SERVICES: '{}', BOTH: 'own' }
    const { ended, output } = await start(env, 'exec', '--from', dump, '--', ...print(...names))
    expect(await ended).toEqual([0, null])
    expect(JSON.parse(output())).toEqual([JSON.stringify(services), null, null, null, 'own'])
  })

  it('passes on the other variables with --all, where they are not set', async () => {
    const { ended, output } = await start(
      { BOTH: 'own' },
      'exec',
      '--from',
      dump,
      '--all',
      '--',
      ...print('FROM_FILE', 'BOTH'),
    )
    expect(await ended).toEqual([0, null])
    expect(JSON.parse(output())).toEqual(['1', 'own'])
  })

  it.each([
    [[process.execPath, '-e', 'process.exit(7)'], 7],
    [[process.execPath, '-e', 'process.kill(process.pid, "SIGKILL")'], 137],
    [[join(folder, 'no-such-command'), 'SECRET'], 127],
  ])('ends as the command does: %#', async (args, code) => {
    const { ended } = await start({}, 'exec', '--from', dump, '--', ...args)
    expect(await ended).toEqual([code, null])
  })

  it('passes signals on and waits', async () => {
    const script = 'process.on("SIGTERM", () => process.exit(3)); console.log("up"); setTimeout(() => {}, 60_000)'
    const { child, ended, output } = await start({}, 'exec', '--from', dump, '--', process.execPath, '-e', script)
    while (!output().includes('up')) await once(child.stdout, 'data')
    child.kill('SIGTERM')
    expect(await ended).toEqual([3, null])
  })

  it('reads the standard input', async () => {
    const { child, ended, output } = await start({}, 'get', 'cache', 'password', '--from', '-')
    child.stdin.end(JSON.stringify(services))
    expect(await ended).toEqual([0, null])
    expect(output()).toBe('SECRET\n')
  })
})
