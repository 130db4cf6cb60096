import { toShownPointer } from './pointer.js'

/** The first place where a text is not JSON. It never holds an excerpt of the text. */
export interface JsonFault {
  readonly reason: string
  /** Line, counted from 1. */
  readonly line: number
  /** Column in UTF-16 code units, counted from 1. */
  readonly column: number
  /** JSON pointer to the innermost complete key or index around the fault, at most three segments. */
  readonly path: string
}

/** An object (`key` is set once its colon was read) or an array (`key` is the index) that is still open. */
interface Frame {
  readonly isArray: boolean
  key: string | number | undefined
  /** The keys so far, where repeated ones are faults. */
  readonly seen?: Set<string> | undefined
}

type Expecting = 'value' | 'first-item' | 'key' | 'first-key' | 'after-value'

/** Where a token ends, or, with a reason, where it is at fault. */
interface Step {
  readonly at: number
  readonly reason?: string
}

// A service's own field is the third segment. Below it, a misplaced quote can make a secret look like a key.
const shownSegments = 3

/**
 * Finds the first fault of a text that `JSON.parse` refused. Its own errors name a position only sometimes, and quote
 * the text, which may be a password. With `uniqueKeys`, a key that its object has already is a fault too.
 */
export function findJsonFault(text: string, uniqueKeys = false): JsonFault | undefined {
  const frames: Frame[] = []
  const { at, reason } = scan(text, frames, uniqueKeys)
  if (reason === undefined) return undefined
  const before = text.slice(0, at)
  return {
    reason: at >= text.length ? 'unexpected end' : (encodingFault(text) ?? reason),
    line: before.split('\n').length,
    column: at - before.lastIndexOf('\n'),
    path: shownPath(frames),
  }
}

function encodingFault(text: string): string | undefined {
  if (text.startsWith('\ufeff')) return 'a byte order mark comes first'
  return /^(?:\ufffd|.?\0)/.test(text) ? 'the text is not UTF-8' : undefined
}

function shownPath(frames: readonly Frame[]): string {
  const keys = frames.slice(0, shownSegments).map((frame) => frame.key)
  return toShownPointer(keys.filter((key) => key !== undefined))
}

function scan(text: string, frames: Frame[], uniqueKeys: boolean): Step {
  let expecting: Expecting = 'value'
  let at = skipSpace(text, 0)
  for (;;) {
    const frame = frames.at(-1)
    const char = text[at]
    if ((char === '}' && expecting === 'first-key') || (char === ']' && expecting === 'first-item')) {
      frames.pop()
      expecting = 'after-value'
      at++
    } else if (expecting === 'after-value') {
      if (frame === undefined) return at === text.length ? { at } : { at, reason: 'text behind the end' }
      if (char === ',') {
        frame.key = typeof frame.key === 'number' ? frame.key + 1 : undefined
        expecting = frame.isArray ? 'value' : 'key'
      } else if (char === (frame.isArray ? ']' : '}')) frames.pop()
      else return { at, reason: `expected a comma or a closing ${frame.isArray ? 'bracket' : 'brace'}` }
      at++
    } else if (frame !== undefined && (expecting === 'key' || expecting === 'first-key')) {
      const key = char === '"' ? scanString(text, at) : { at, reason: 'expected a key in double quotes' }
      if (key.reason !== undefined) return key
      const colon = skipSpace(text, key.at)
      if (text[colon] !== ':') return { at: colon, reason: 'expected a colon' }
      frame.key = JSON.parse(text.slice(at, key.at)) as string
      if (frame.seen?.has(frame.key)) return { at, reason: 'a repeated key' }
      frame.seen?.add(frame.key)
      expecting = 'value'
      at = colon + 1
    } else if (char === '{' || char === '[') {
      const isArray = char === '['
      frames.push({ isArray, key: isArray ? 0 : undefined, seen: uniqueKeys && !isArray ? new Set() : undefined })
      expecting = isArray ? 'first-item' : 'first-key'
      at++
    } else {
      const scalar = char === '"' ? scanString(text, at) : scanWord(text, at)
      if (scalar.reason !== undefined) return scalar
      expecting = 'after-value'
      at = scalar.at
    }
    at = skipSpace(text, at)
  }
}

function skipSpace(text: string, from: number): number {
  let at = from
  for (let char = text[at]; char === ' ' || char === '\n' || char === '\r' || char === '\t'; char = text[at]) at++
  return at
}

function scanString(text: string, from: number): Step {
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at] as string
    if (char === '"') return { at: at + 1 }
    if (char < ' ') return { at, reason: 'a control character in a string' }
    if (char !== '\\') continue
    const escape = /^\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/.exec(text.slice(at, at + 6))
    if (escape === null) return { at, reason: 'an unknown escape in a string' }
    at += escape[0].length - 1
  }
  return { at: text.length, reason: 'a string without end' }
}

function scanWord(text: string, from: number): Step {
  const word = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
  word.lastIndex = from
  return word.test(text) ? { at: word.lastIndex } : { at: from, reason: 'expected a value' }
}
