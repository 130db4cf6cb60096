import { mask } from '../mask.js'
import { authorityOf, userinfoOf } from './connection-uri.js'
import { fieldsOf, type CredentialsHolder } from './fields.js'
import { readServer, type ServerKind, type ServerService } from './server.js'
import { toTlsOptions, type TlsOptions } from './tls.js'

/** A mail server. Logs and JSON show it as `[hidden]`; its fields are plain. */
export interface SmtpService extends ServerService {
  /** Whether TLS begins with the connection (port 465), and not by STARTTLS. */
  readonly isImplicitTls: boolean
}

/** Options of nodemailer's SMTP transport. */
export interface NodemailerOptions {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly requireTLS?: boolean
  readonly auth?: { readonly user: string; readonly pass: string }
  readonly tls?: TlsOptions
}

const smtp: ServerKind = { schemes: /^smtps?$/, defaultPort: 587 }
const implicitPort = 465

/**
 * Reads the credentials of a mail service, whatever their spelling. The port is 587 where nothing is said.
 *
 * @throws {VcapError} `INVALID_CREDENTIALS` without a host, or with a port that is none; `CREDHUB_REF`.
 * @example
 * const transport = nodemailer.createTransport(toNodemailerOptions(readSmtp(services.get({ tag: 'smtp' }))))
 */
export function readSmtp(service: CredentialsHolder): SmtpService {
  const fields = fieldsOf(service)
  const isSecure = /^smtps:/i.test(fields.text('uri', 'url') ?? '')
  const server = readServer(fields, isSecure ? { ...smtp, defaultPort: implicitPort } : smtp)
  const isImplicitTls = isSecure || server.port === implicitPort
  const tls = server.tls ?? (isImplicitTls ? mask({ verify: 'full' as const, ca: null, cert: null, key: null }) : null)
  return mask({ ...server, tls, isImplicitTls })
}

/** Options for nodemailer. With TLS on another port than 465, STARTTLS is required. */
export function toNodemailerOptions({
  host,
  port,
  username,
  password,
  tls,
  isImplicitTls,
}: SmtpService): NodemailerOptions {
  return mask({
    host,
    port,
    secure: isImplicitTls,
    ...(tls !== null && !isImplicitTls ? { requireTLS: true } : {}),
    ...(username === null ? {} : { auth: mask({ user: username, pass: password ?? '' }) }),
    ...(tls === null ? {} : { tls: toTlsOptions(tls) }),
  })
}

/** A connection string for nodemailer; certificates do not fit into it. The string is a secret. */
export function toSmtpUrl({ host, port, username, password, tls, isImplicitTls }: SmtpService): string {
  const query = tls !== null && !isImplicitTls ? '?requireTLS=true' : ''
  return `${isImplicitTls ? 'smtps' : 'smtp'}://${userinfoOf(username, password)}${authorityOf({ host, port })}/${query}`
}
