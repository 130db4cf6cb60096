import { mask } from '../mask.js'
import { parseConnectionUri } from './connection-uri.js'
import { fieldsOf, need, passwordNames, refuse, userNames, type CredentialsHolder, type Fields } from './fields.js'
import { toPem } from './pem.js'
import { decideTls, type TlsSettings } from './tls.js'

/** An HTTP service. Logs and JSON show it as `[hidden]`; its fields are plain. */
export interface HttpService {
  /** Where it is, without a login. */
  readonly url: string
  readonly username: string | null
  readonly password: string | null
  /** An API key or token. */
  readonly token: string | null
  /** The value of an Authorization header: Basic with a user name, else Bearer with a token, else null. */
  readonly authorization: string | null
  /** Null for plain HTTP. */
  readonly tls: TlsSettings | null
}

/**
 * Reads the credentials of a service that is used by HTTP.
 *
 * @throws {VcapError} `INVALID_CREDENTIALS` without an http or https URL; `CREDHUB_REF`.
 * @example
 * const { url, authorization } = readHttp(services.get({ label: 'collector' }))
 * await fetch(url, { headers: authorization === null ? {} : { authorization } })
 */
export function readHttp(service: CredentialsHolder): HttpService {
  const fields = fieldsOf(service)
  const names = ['uri', 'url', 'endpoint', 'baseurl', 'address', 'apiurl', 'httpapiuri', 'serviceurl']
  const text = names.map((name) => fields.text(name)).find((value) => value !== null && /^https?:\/\//i.test(value))
  const stated = need(fields, 'uri', text)
  const uri = parseConnectionUri(stated)
  const [host] = uri?.hosts ?? []
  if (uri === undefined || host === undefined || host.host === '') throw refuse(service, 'uri', 'not a URL')
  const username = fields.text(...userNames) ?? uri.username
  const password = fields.text(...passwordNames) ?? uri.password
  const token = fields.text('token', 'apikey', 'accesstoken', 'apitoken')
  const isSecure = uri.scheme === 'https'
  return mask({
    url: withoutLogin(stated),
    username,
    password,
    token,
    authorization: authorizationOf(username, password, token),
    tls: isSecure ? decideTls(fields, { ...uri, query: new Map() }, [true]) : null,
  })
}

function withoutLogin(url: string): string {
  const [, start = '', rest = ''] = /^(https?:\/\/)(.*)$/is.exec(url) ?? []
  const end = rest.search(/[/?#]/)
  const authority = end === -1 ? rest : rest.slice(0, end)
  return start + rest.slice(authority.lastIndexOf('@') + 1)
}

function authorizationOf(username: string | null, password: string | null, token: string | null): string | null {
  if (username === null) return token === null ? null : `Bearer ${token}`
  return `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`
}

/** An OAuth 2 or XSUAA service. Logs and JSON show it as `[hidden]`; its fields are plain. */
export interface OauthService {
  readonly clientId: string
  /** Null where the client shows a certificate instead. */
  readonly clientSecret: string | null
  /** Where the server is, without a slash at its end. */
  readonly url: string
  readonly tokenUrl: string
  readonly authorizeUrl: string
  /** Where the keys are that sign tokens. */
  readonly jwksUrl: string
  /** The client's certificate and its key, as PEM (XSUAA's X.509 bindings). */
  readonly certificate: string | null
  readonly key: string | null
  /** The key that signs tokens, as PEM, where the service tells it. */
  readonly verificationKey: string | null
  /** The name of the app with XSUAA. */
  readonly xsappname: string | null
  readonly tenantId: string | null
}

/**
 * Reads the credentials of an OAuth 2 service: UAA (`p-identity`), XSUAA, App ID, and services that have them in `uaa`.
 *
 * @throws {VcapError} `INVALID_CREDENTIALS` without a client id or a URL; `CREDHUB_REF`.
 * @example
 * const { tokenUrl, clientId, clientSecret } = readOauth(services.get({ label: 'xsuaa' }))
 */
export function readOauth(service: CredentialsHolder): OauthService {
  const outer = fieldsOf(service)
  const fields = outer.text('clientid') === null ? (outer.inside('uaa') ?? outer) : outer
  const clientId = need(fields, 'clientid', fields.text('clientid'))
  const certificate = toPem(fields.value('certificate'))
  const urls = urlsOf(fields, certificate !== null)
  return mask({
    clientId,
    clientSecret: fields.text('clientsecret', 'secret'),
    ...urls,
    certificate,
    key: certificate === null ? null : toPem(fields.value('key', 'privatekey')),
    verificationKey: toPem(fields.value('verificationkey')),
    xsappname: fields.text('xsappname'),
    tenantId: fields.text('tenantid', 'identityzoneid', 'zoneid'),
  })
}

function urlsOf(fields: Fields, hasCertificate: boolean) {
  const tokenUrl = fields.text('accesstokenuri', 'tokenurl', 'tokenuri', 'tokenendpoint')
  const appId = fields.text('oauthserverurl')
  const issuer = (hasCertificate ? fields.text('certurl') : null) ?? fields.text('authdomain', 'url', 'uri', 'issuer')
  const stated = appId ?? issuer ?? tokenUrl?.replace(/\/oauth\/token\/?$/, '')
  const base = need(fields, 'url', stated).replace(/\/+$/, '')
  if (appId !== null) {
    return {
      url: base,
      tokenUrl: `${base}/token`,
      authorizeUrl: `${base}/authorization`,
      jwksUrl: `${base}/publickeys`,
    }
  }
  return {
    url: base,
    tokenUrl: tokenUrl ?? `${base}/oauth/token`,
    authorizeUrl: fields.text('authorizeurl', 'authorizationendpoint') ?? `${base}/oauth/authorize`,
    jwksUrl: fields.text('jwksuri', 'jwksurl') ?? `${base}/token_keys`,
  }
}
