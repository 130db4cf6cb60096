import type { RepairCode } from './repairs.js'

// An escape character, a bracket, numbers and an `m`.
const colours = /\p{Cc}\[[\d;]*m/gu

/**
 * Makes text of what editors, PowerShell and terminals write: UTF-8, UTF-16 of either order with or without a mark, and
 * text that was decoded with the wrong one of them. Colours become spaces, so that places stay what they are.
 */
export function decodeText(input: string | Uint8Array): { text: string; repairs: [RepairCode, number][] } {
  const decoded = typeof input === 'string' ? input : decodeBytes(input)
  const unmarked = decoded.replace(/^(?:\ufeff|\ufffd+)/, '')
  const text = (unmarked.includes('\0') ? unmarked.replaceAll('\0', '') : unmarked).replaceAll(colours, (colour) =>
    ' '.repeat(colour.length),
  )
  const isPlain = text === decoded && (typeof input === 'string' || !encodingOf(input).startsWith('utf-16'))
  return { text, repairs: isPlain && !text.includes('\ufffd') ? [] : [['ENCODING', 0]] }
}

function decodeBytes(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes), { ignoreBOM: true }).decode(bytes)
}

function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if ((first === 0xff && second === 0xfe) || second === 0) return 'utf-16le'
  return (first === 0xfe && second === 0xff) || first === 0 ? 'utf-16be' : 'utf-8'
}
