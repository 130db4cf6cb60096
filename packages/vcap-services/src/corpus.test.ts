import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseDump } from './dump.js'
import { isVcapError, readVcapApplication, readVcapServices, type VcapServices } from './index.js'
import * as readers from './readers.js'

// Samples collected in the field; they lie beside the project where it is developed, and are not part of it.
const folder = join(import.meta.dirname, '../../../../shared/data/vcap')

/** What a strict and a lenient read give: the number of services, or the code of the error. */
const expected: Readonly<Record<string, readonly [strict: number | string, lenient: number | string]>> = {
  'bulletinboard-windows-set.txt': ['INVALID_JSON', 2],
  'cfdocs-2014-v1-label-n-a.txt': ['INVALID_JSON', 2],
  'cfdocs-2014-vcap-application-trailing-backtick.txt': ['INVALID_JSON', 'styx-james'],
  'cfdocs-2026-cf-env.txt': ['INVALID_JSON', 'my-app'],
  'cfdocs-2026-vcap-services.txt': ['INVALID_JSON', 2],
  'cfdocs-cf-env-with-groups.txt': ['INVALID_JSON', 'APP-NAME'],
  'flask-sample-shell-export.txt': ['INVALID_JSON', 1],
  'issue-cfenv-29-bare-services.json': [1, 1],
  'issue-credhub-ref.json': [1, 1],
  'issue-kf-608-tags-null.json': [1, 1],
  'javacfenv-cassandra.json': [1, 1],
  'javacfenv-multiple-jdbc.json': [3, 3],
  'javacfenv-multiple-mysql.json': [3, 3],
  'javacfenv-multiple-redis.json': [2, 2],
  'javacfenv-mysql-redis-nfs.json': [3, 3],
  'javacfenv-mysql-tls.json': [1, 1],
  'javacfenv-null-credentials.json': [2, 2],
  'javacfenv-vcap-application.json': ['INVALID_STRUCTURE', 'styx-james'],
  'mission-collector-line.txt': ['INVALID_JSON', 1],
  'mission-env-dump.txt': ['INVALID_JSON', 0],
  'mission-invalid-vcap-services.txt': ['INVALID_JSON', 4],
  'xsenv-default-env.json': ['INVALID_STRUCTURE', 2],
}

it('reads the corpus of field samples, strictly and leniently', (context) => {
  if (!existsSync(folder)) context.skip(`no corpus of field samples at ${folder}`)
  const files = readdirSync(folder).filter((name) => name !== 'README.md')
  const results = files.map((name) => [name, [outcome(() => strictRead(name)), outcome(() => lenientRead(name))]])
  expect(Object.fromEntries(results)).toEqual({
    ...expected,
    ...Object.fromEntries(files.filter((name) => name.startsWith('entry-')).map((name) => [name, [1, 1]])),
  })
})

/** The values are placeholders in the corpus: `$hostname`. */
const typed: Readonly<Record<string, (service: ReturnType<VcapServices['get']>) => unknown>> = {
  'entry-mysql-multi-host.json': (service) => readers.readMysql(service).hosts.map(({ host, port }) => [host, port]),
  'entry-p-identity.json': (service) => readers.readOauth(service).tokenUrl,
  'entry-postgres-google-cloudsql.json': (service) => readers.readPostgres(service).tls?.verify,
  'entry-rabbit-multiple-uris.json': (service) => readers.readRabbitmq(service).hosts.map(({ host }) => host),
  'entry-redis-tls-port.json': (service) => outcome(() => readers.readRedis(service).port),
  'entry-scc-smtp-info.json': (service) => readers.readSmtp(service).host,
  'entry-vault-nested.json': (service) => readers.readHttp(service).url,
}

it('reads the single services of the corpus with the readers', (context) => {
  if (!existsSync(folder)) context.skip(`no corpus of field samples at ${folder}`)
  const results = Object.entries(typed).map(([name, read]) => [name, read(strictRead(name).all[0]!)])
  expect(Object.fromEntries(results)).toEqual({
    'entry-mysql-multi-host.json': [
      ['host1', 3306],
      ['host2', 3306],
    ],
    'entry-p-identity.json': '$authDomain/oauth/token',
    'entry-postgres-google-cloudsql.json': 'full',
    'entry-rabbit-multiple-uris.json': ['$host1', '$host2'],
    'entry-redis-tls-port.json': 'INVALID_CREDENTIALS',
    'entry-scc-smtp-info.json': '$hostname',
    'entry-vault-nested.json': 'https://vault.example.com/',
  })
})

function textOf(name: string): string {
  const text = readFileSync(join(folder, name), 'utf8')
  // Samples of a single entry come without the list around them.
  return name.startsWith('entry-') ? `{"label":[${text}]}` : text
}

function strictRead(name: string): VcapServices {
  return readVcapServices({ value: textOf(name) })
}

function lenientRead(name: string): VcapServices | string | null {
  const { env } = parseDump(textOf(name))
  return env.VCAP_SERVICES === undefined ? readVcapApplication({ env }).application_name : readVcapServices({ env })
}

function outcome(read: () => VcapServices | string | number | null): number | string | null {
  try {
    const result = read()
    return typeof result === 'object' && result !== null ? result.all.length : result
  } catch (error) {
    if (isVcapError(error)) return error.code
    throw error
  }
}
