import type { VcapServices } from './vcap-services.js'

// What Ruby's URI.parse accepts, as Cloud Controller asks it: RFC 3986, so one host and no raw special character.
const relational =
  /^(mysql2?|postgres(?:ql)?):(\/\/(?:(?:[\w.~!$&'()*+,;=:-]|%[\da-f]{2})*@)?(?:\[[\da-f:.]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})*)(?::\d*)?(?:[/?#](?:[\w.~!$&'()*+,;=:@/?#-]|%[\da-f]{2})*)?)$/i

// Rails has adapters of these names.
const adapters: Readonly<Record<string, string>> = { mysql: 'mysql2', postgresql: 'postgres' }

/**
 * The DATABASE_URL that Cloud Foundry sets while it stages an app: the first bound service whose `uri` is one of MySQL
 * or PostgreSQL, with `mysql:` written `mysql2:` and `postgresql:` written `postgres:`. Undefined when there is none.
 *
 * The URL is a secret.
 *
 * @see cloud_controller_ng, `lib/cloud_controller/database_uri_generator.rb`
 */
export function deriveDatabaseUrl({ all }: VcapServices): string | undefined {
  for (const { entry } of all) {
    const { credentials } = entry
    const uri = typeof credentials === 'object' && credentials !== null && 'uri' in credentials && credentials.uri
    const match = typeof uri === 'string' ? relational.exec(uri) : null
    if (match === null) continue
    const [, scheme = '', rest = ''] = match
    return `${adapters[scheme.toLowerCase()] ?? scheme.toLowerCase()}:${rest}`
  }
  return undefined
}
