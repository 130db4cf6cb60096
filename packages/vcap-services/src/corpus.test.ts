import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { isVcapError, readVcapServices } from './index.js'

// Samples collected in the field; they lie beside the project where it is developed, and are not part of it.
const folder = join(import.meta.dirname, '../../../../shared/data/vcap')

/** What a strict read gives: the number of services, or the code of the error. */
const expected: Readonly<Record<string, number | string>> = {
  'bulletinboard-windows-set.txt': 'INVALID_JSON',
  'cfdocs-2014-v1-label-n-a.txt': 'INVALID_JSON',
  'cfdocs-2014-vcap-application-trailing-backtick.txt': 'INVALID_JSON',
  'cfdocs-2026-cf-env.txt': 'INVALID_JSON',
  'cfdocs-2026-vcap-services.txt': 'INVALID_JSON',
  'cfdocs-cf-env-with-groups.txt': 'INVALID_JSON',
  'flask-sample-shell-export.txt': 'INVALID_JSON',
  'issue-cfenv-29-bare-services.json': 1,
  'issue-credhub-ref.json': 1,
  'issue-kf-608-tags-null.json': 1,
  'javacfenv-cassandra.json': 1,
  'javacfenv-multiple-jdbc.json': 3,
  'javacfenv-multiple-mysql.json': 3,
  'javacfenv-multiple-redis.json': 2,
  'javacfenv-mysql-redis-nfs.json': 3,
  'javacfenv-mysql-tls.json': 1,
  'javacfenv-null-credentials.json': 2,
  'javacfenv-vcap-application.json': 'INVALID_STRUCTURE',
  'mission-collector-line.txt': 'INVALID_JSON',
  'mission-env-dump.txt': 'INVALID_JSON',
  'mission-invalid-vcap-services.txt': 'INVALID_JSON',
  'xsenv-default-env.json': 'INVALID_STRUCTURE',
}

it('reads the corpus of field samples', (context) => {
  if (!existsSync(folder)) context.skip(`no corpus of field samples at ${folder}`)
  const files = readdirSync(folder).filter((name) => name !== 'README.md')
  const results = files.map((name) => [name, strictRead(name)] as const)
  expect(Object.fromEntries(results)).toEqual({
    ...expected,
    ...Object.fromEntries(files.filter((name) => name.startsWith('entry-')).map((name) => [name, 1])),
  })
})

function strictRead(name: string): number | string {
  const text = readFileSync(join(folder, name), 'utf8')
  try {
    // Samples of a single entry come without the list around them.
    return readVcapServices({ value: name.startsWith('entry-') ? `{"label":[${text}]}` : text }).all.length
  } catch (error) {
    if (isVcapError(error)) return error.code
    throw error
  }
}
