import { type JsonObject, maximumOperationCharacters } from 'osb-protocol'
import { OsbError } from '../errors.js'
import { revealed, type Secret } from '../secret.js'

const leastKeyBytes = 32
export type SignedOperationKind = 'create' | 'update' | 'delete'
const kinds: readonly SignedOperationKind[] = ['create', 'update', 'delete']

/** What an operation works on. */
export interface OperationResource {
  readonly tenant: string
  readonly instance_id: string
  /** Of operations on bindings. */
  readonly binding_id?: string | undefined
}

/** What an operation says of itself; the same things give the same text, whenever and wherever it is made. */
export interface OperationContent {
  readonly kind: SignedOperationKind
  /**
   * What a poll has to know, such as the plan that an update moves to. It can be read by whoever sees the operation:
   * nothing secret belongs in it.
   */
  readonly request: JsonObject
}

/** Writes and reads the `operation` of 202 answers for back ends that store nothing. */
export interface SignedOperations {
  /** @throws {TypeError} when it came out longer than the 10,000 characters that the protocol allows (PROV-32) */
  sign(resource: OperationResource, content: OperationContent): Promise<string>
  /**
   * @param operation what a poll sent
   * @throws {OsbError} 400 when it is missing, or was not signed for this resource with this key
   */
  verify(resource: OperationResource, operation: string | undefined): Promise<OperationContent>
}

export interface SignedOperationsOptions {
  /** At least 32 bytes, or a text that has as many; the same in all processes. */
  readonly key: string | Uint8Array | Secret
}

/**
 * Makes `operation` texts that carry what a poll has to know, and cannot be made or changed by anybody else, nor used
 * for another resource (HMAC-SHA-256). There is no time and no random number in them, so that the repeat of a request
 * gets the same text (PROV-15, UPD-25, BIND-25, UNB-13, DEP-12).
 * @throws {TypeError} when the key is too short
 * @example
 * const operations = signedOperations({ key: secret(process.env['OPERATION_KEY']) })
 * const operation = await operations.sign({ tenant, instance_id }, { kind: 'create', request: { plan_id } })
 */
export function signedOperations({ key }: SignedOperationsOptions): SignedOperations {
  const bytes = keyBytes(key)
  let imported: ReturnType<typeof importKey> | undefined
  const hmacKey = () => (imported ??= importKey(bytes))

  return {
    async sign(resource, { kind, request }) {
      const content = `${kind}.${toBase64Url(new TextEncoder().encode(canonicalJson(request)))}`
      const signature = await crypto.subtle.sign('HMAC', await hmacKey(), signedBytes(resource, content))
      const operation = `${content}.${toBase64Url(new Uint8Array(signature))}`
      if (operation.length > maximumOperationCharacters)
        throw new TypeError(`a signed operation must have at most ${maximumOperationCharacters} characters`)
      return operation
    },
    async verify(resource, operation) {
      const [kind = '', request = '', signature = '', ...rest] = (operation ?? '').split('.')
      const found = kinds.find((known) => known === kind)
      const signed = fromBase64Url(signature)
      if (!found || !signed || rest.length > 0) throw notOurs()
      const content = signedBytes(resource, `${kind}.${request}`)
      if (!(await crypto.subtle.verify('HMAC', await hmacKey(), signed, content))) throw notOurs()
      // What was signed was written by `sign`.
      return { kind: found, request: JSON.parse(new TextDecoder().decode(fromBase64Url(request))) as JsonObject }
    },
  }
}

function importKey(bytes: Uint8Array<ArrayBuffer>) {
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}

function notOurs(): OsbError {
  return OsbError.badRequest('The operation is missing, or is none of this resource.')
}

function keyBytes(key: string | Uint8Array | Secret): Uint8Array<ArrayBuffer> {
  const bytes = key instanceof Uint8Array ? new Uint8Array(key) : new TextEncoder().encode(revealed(key))
  if (bytes.length < leastKeyBytes) throw new TypeError(`the key of signed operations needs ${leastKeyBytes} bytes`)
  return bytes
}

/** As JSON, in which no two resources look the same. */
function signedBytes({ tenant, instance_id, binding_id }: OperationResource, content: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify([tenant, instance_id, binding_id ?? null, content]))
}

/** JSON whose keys are in order, so that equal values give equal texts. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
      : item,
  )
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return Uint8Array.from(binary, (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
