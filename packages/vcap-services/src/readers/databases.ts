import { VcapError } from '../errors.js'
import { mask } from '../mask.js'
import { authorityOf, encode, userinfoOf } from './connection-uri.js'
import { fieldsOf, type CredentialsHolder } from './fields.js'
import { findUri, readServer, type ServerAddress, type ServerKind, type ServerService } from './server.js'
import { toTlsOptions, type TlsOptions } from './tls.js'

/** A relational database. Logs and JSON show it as `[hidden]`; its fields are plain. */
export interface DatabaseService extends ServerService {
  readonly database: string | null
}

/** Options of mysql2, for `createConnection` and `createPool`. */
export interface Mysql2Options {
  readonly host: string
  readonly port: number
  readonly user?: string
  readonly password?: string
  readonly database?: string
  readonly ssl?: TlsOptions & { readonly verifyIdentity: boolean }
}

/** Options of pg, for `Client` and `Pool`. */
export interface PgOptions {
  readonly host: string
  readonly port: number
  readonly user?: string
  readonly password?: string
  readonly database?: string
  readonly ssl: TlsOptions | false
}

const mysql: ServerKind = { schemes: /^(?:mysqls?|mysql2|mariadb)$/, defaultPort: 3306 }
const postgres: ServerKind = { schemes: /^postgres(?:ql)?s?$/, defaultPort: 5432 }

/**
 * Reads the credentials of a MySQL or MariaDB service, whatever their spelling.
 *
 * @throws {VcapError} `INVALID_CREDENTIALS` without a host, or with a port that is none; `CREDHUB_REF`.
 * @example
 * const db = readMysql(readVcapServices().get({ tag: 'mysql' }))
 * const pool = mysql2.createPool(toMysql2Options(db))
 */
export function readMysql(service: CredentialsHolder): DatabaseService {
  return readDatabase(service, mysql)
}

/**
 * Reads the credentials of a PostgreSQL service, whatever their spelling.
 *
 * @throws {VcapError} `INVALID_CREDENTIALS` without a host, or with a port that is none; `CREDHUB_REF`.
 * @example
 * const db = readPostgres(readVcapServices().get({ tag: 'postgresql' }))
 * const pool = new pg.Pool(toPgOptions(db))
 */
export function readPostgres(service: CredentialsHolder): DatabaseService {
  return readDatabase(service, postgres)
}

function readDatabase(service: CredentialsHolder, kind: ServerKind): DatabaseService {
  const fields = fieldsOf(service)
  const uri = findUri(fields, kind.schemes)
  // `name` comes last: with some brokers it is the name of the deployment.
  const database = fields.text('database', 'dbname', 'db', 'databasename') ?? (uri?.path || fields.text('name'))
  return mask({ ...readServer(fields, kind, uri), database })
}

/**
 * Options for mysql2, which takes one server.
 *
 * @param address which server. @default the first
 */
export function toMysql2Options(service: DatabaseService, address: ServerAddress = service): Mysql2Options {
  const { tls } = service
  const ssl = tls === null ? {} : { ssl: { ...toTlsOptions(tls), verifyIdentity: tls.verify === 'full' } }
  return mask({ ...loginOf(service, address), ...ssl })
}

/**
 * Options for pg, which takes one server.
 *
 * @param address which server. @default the first
 */
export function toPgOptions(service: DatabaseService, address: ServerAddress = service): PgOptions {
  return mask({ ...loginOf(service, address), ssl: service.tls === null ? false : toTlsOptions(service.tls) })
}

function loginOf({ username, password, database }: DatabaseService, { host, port }: ServerAddress) {
  return {
    host,
    port,
    ...(username === null ? {} : { user: username }),
    ...(password === null ? {} : { password }),
    ...(database === null ? {} : { database }),
  }
}

/**
 * A connection string for mysql2. Certificates travel in it, as JSON. The string is a secret.
 *
 * @throws VcapError `INVALID_CREDENTIALS` for a database named `.` or `..`, which is lost in every URL
 */
export function toMysqlUrl(service: DatabaseService): string {
  const { ssl } = toMysql2Options(service)
  const { checkServerIdentity: _function, ...plain } = ssl ?? {}
  const query = ssl === undefined ? '' : `?ssl=${encode(JSON.stringify(plain))}`
  return `mysql://${serverOf(service)}/${pathOf(service, 'toMysql2Options')}${query}`
}

// pg leaves these encoded in the name of a database; none of them ends a path.
const legalInPath = /%(?:3B|2F|3A|40|26|3D|2B|24|2C)/g

/**
 * A connection string for pg and libpq. It says how TLS is verified, but certificates do not fit into it: where there
 * are some, or the name of the database has a `?` or `#`, use {@link toPgOptions}. The string is a secret.
 *
 * @throws VcapError `INVALID_CREDENTIALS` for a database named `.` or `..`, which is lost in every URL
 */
export function toPostgresUrl(service: DatabaseService): string {
  const mode = { full: 'verify-full', ca: 'verify-ca', none: 'no-verify' }
  const { tls } = service
  const path = pathOf(service, 'toPgOptions').replaceAll(legalInPath, decodeURIComponent)
  return `postgres://${serverOf(service)}/${path}?sslmode=${tls === null ? 'disable' : mode[tls.verify]}`
}

/** URL parsers take these names for steps in a path, `%2E` as well, so that the driver would open another database. */
function pathOf({ database }: DatabaseService, instead: string): string {
  if (database !== '.' && database !== '..') return encode(database ?? '')
  const issues = [{ path: '/database', found: 'a name that is lost in a URL' }]
  throw new VcapError('INVALID_CREDENTIALS', `no URL can say a database named . or ..: use ${instead}`, { issues })
}

function serverOf({ username, password, host, port }: DatabaseService): string {
  return userinfoOf(username, password) + authorityOf({ host, port })
}
