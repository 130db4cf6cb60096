import type { RequestReport } from '../client-options.js'
import { maskSecrets } from './mask.js'

/** A request as a command line that anybody can run who knows the login; parameters are masked unless told otherwise. */
export function curlCommand(
  { method, url, headers, body }: RequestReport,
  { showsSecrets }: { readonly showsSecrets: boolean },
): string {
  const parts = [
    `curl -X ${method} ${quoted(url)}`,
    '-u "$OSB_USERNAME:$OSB_PASSWORD"',
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`-d ${quoted(showsSecrets ? body : maskedBody(body))}`]),
  ]
  return parts.join(' \\\n  ')
}

/** Only parameters are anybody's own; the rest is what the protocol asks for. */
function maskedBody(body: string): string {
  try {
    const parsed = JSON.parse(body) as Record<string, unknown>
    if (!('parameters' in parsed)) return body
    return JSON.stringify({ ...parsed, parameters: maskSecrets(parsed['parameters']) })
  } catch {
    return '[hidden]'
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
