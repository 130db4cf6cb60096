import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { composeVcapServices } from '../../src/index.js'

/** Stands for a secret: none of it may be in a message. Its parts are long enough to be no accident. */
export const marker = 'mARkEr-7f3a9c'

const uris = ['mysql', 'postgres', 'rediss', 'amqps', 'mongodb+srv', 'smtp', 'https', 'jdbc:mysql']
const credential = fc.oneof(
  fc.constantFrom(marker, `${marker}@:/?#%`, `${marker}\n"'\\`),
  fc
    .constantFrom(...uris)
    .map((scheme) => `${scheme}://u${marker}:p${marker}@h${marker}:1/d${marker}?password=${marker}`),
  fc.constantFrom(null, true, 3306, '', '3306'),
)
const fieldNames = [
  'uri',
  'url',
  'host',
  'hostname',
  'port',
  'username',
  'password',
  'ssl',
  'tls',
  'ca',
  'clientid',
  'db',
  'uris',
]
const credentials = fc.dictionary(
  fc.oneof(fc.constantFrom(...fieldNames), fc.string({ maxLength: 4 })),
  fc.oneof(
    credential,
    fc.array(credential, { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...fieldNames), credential),
  ),
  { maxKeys: 8 },
)

const binding = fc.record({
  offering: fc.record({ name: fc.constantFrom('mysql', 'p.redis', '__proto__', 'größe'), tags: fc.constant(['sql']) }),
  plan: fc.record({ name: fc.constantFrom('small', '') }),
  instance_guid: fc.uuid(),
  instance_name: fc.constantFrom('db', 'cache', 'constructor'),
  binding_guid: fc.uuid(),
  credentials,
})

const composed = fc
  .tuple(fc.array(binding, { maxLength: 4 }), fc.nat(2))
  .map(([bindings, indent]) => JSON.stringify(composeVcapServices(bindings), null, indent))

const fixtures = ['mission-invalid-vcap-services.txt', 'mission-env-dump.txt', 'cloud-controller.json'].map((name) =>
  // Their own passwords become markers.
  readFileSync(join(import.meta.dirname, '../fixtures', name), 'utf8').replaceAll(
    /(password"?: "|SECRET-)[\w-]+/g,
    `$1${marker}`,
  ),
)

const wrappers: readonly ((json: string) => string)[] = [
  (json) => json,
  (json) => `VCAP_SERVICES=${json}`,
  (json) => `PATH=/bin\nexport VCAP_SERVICES='${json.replaceAll("'", "'\\''")}'\n`,
  (json) => `SET "VCAP_SERVICES=${json}"\r\n`,
  (json) => `System-Provided:\nVCAP_SERVICES: ${json}\n\nUser-Provided:\nTOKEN: ${marker}\n`,
  (json) => JSON.stringify({ VCAP_SERVICES: json }),
  (json) => `{"system_env_json":{"VCAP_SERVICES":${json}},"environment_variables":{"A":"${marker}"}}`,
]

const seeds = fc.oneof(
  fc.tuple(composed, fc.constantFrom(...wrappers)).map(([json, wrap]) => wrap(json)),
  fc.constantFrom(...fixtures),
)

const pieces = fc.oneof(
  fc.constantFrom(...Array.from('{}[]:,"\'`\\\n\r\t =;#/*-'), '\ufeff', '\0', '\ud800', '=>', "u'", '//', '/*', '"a":'),
  fc.constantFrom(
    'VCAP_SERVICES=',
    'VCAP_APPLICATION={',
    'User-Provided:\n',
    'null',
    'True',
    '1e999',
    '\\u00',
    '{"a":[{',
  ),
  fc.string({ maxLength: 3 }),
)
/** Removes some of a text at a place and puts a piece there, or what stands elsewhere in it. */
const mutation = fc.record({
  at: fc.nat(),
  removed: fc.nat(6),
  piece: fc.option(pieces),
  from: fc.nat(),
  taken: fc.nat(40),
})

function mutate(
  text: string,
  { at, removed, piece, from, taken }: typeof mutation extends fc.Arbitrary<infer M> ? M : never,
): string {
  const place = at % (text.length + 1)
  const source = from % (text.length + 1)
  // A secret that is copied into a name would be a name.
  const inserted = piece ?? text.slice(source, source + taken).replaceAll(marker, 'copied')
  return text.slice(0, place) + inserted + text.slice(place + removed)
}

/** Documents and dumps of which little is broken, so that faults lie deep. */
export const mutated = fc
  .tuple(seeds, fc.array(mutation, { maxLength: 4 }))
  .map(([seed, mutations]) => mutations.reduce(mutate, seed))
