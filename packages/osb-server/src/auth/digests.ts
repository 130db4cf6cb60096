/** Digests texts of any length to 32 bytes under a key that only this process has. */
export interface KeyedDigest {
  (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>
}

/**
 * Makes a digest (HMAC-SHA-256) with a random key. Made when it is first needed, since some runtimes give no random
 * numbers while a module loads.
 */
export async function createKeyedDigest(): Promise<KeyedDigest> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', crypto.getRandomValues(new Uint8Array(32)), algorithm, false, [
    'sign',
  ])
  return async (bytes) => new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes))
}

/** Compares digests of one length to the end, wherever they differ. */
export function equalDigests(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length
  for (let index = 0; index < one.length; index++) difference |= (one[index] ?? 0) ^ (other[index] ?? 0)
  return difference === 0
}

/** The digest as a text, to find it in a map. */
export function digestText(digest: Uint8Array): string {
  return String.fromCharCode(...digest)
}
