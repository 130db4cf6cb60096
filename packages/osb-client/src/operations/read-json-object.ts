import type { WireAnswer } from '../transport/transport.js'

/** The JSON object of a body, or what is wrong with it. The content type is not asked for (CT-02). */
export function readJsonObject(
  body: WireAnswer['body'],
): { readonly body: Readonly<Record<string, unknown>> } | { readonly problem: string } {
  if ('fault' in body) return { problem: `has a body that is ${body.fault}` }
  if (body.text === '') return { problem: 'has an empty body in place of a JSON object' }
  let value: unknown
  try {
    value = JSON.parse(body.text)
  } catch {
    // The parser's message quotes the text, which may be credentials.
    return { problem: 'has a body that is not JSON' }
  }
  return isJsonObject(value) ? { body: value } : { problem: 'has a body that is not a JSON object' }
}

/** Whether a value is an object with string keys, and no array. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
