import { RelaxedFault } from './relaxed-tokens.js'

/** A word as a shell understands it, and where its characters stand in the text. */
export interface ShellWord {
  readonly value: string
  /** The offset behind the word. */
  readonly end: number
  /** The offset in the text of a character of the value. */
  origin(at: number): number
}

/**
 * Reads quoted parts up to the next space: `'…'` as it stands, `"…"` with its escapes, `\'` between them.
 *
 * @param doubled whether `''` inside single quotes is one quote, as in PowerShell
 * @throws {RelaxedFault} when a quote is not closed
 */
export function readShellWord(text: string, start: number, doubled: boolean): ShellWord {
  const parts: string[] = []
  const starts: [inValue: number, inText: number][] = []
  let length = 0
  const push = (part: string, at: number) => {
    starts.push([length, at])
    parts.push(part)
    length += part.length
  }
  let at = start
  for (let char = text[at]; char !== undefined && !/[\s;]/.test(char); char = text[at]) {
    if (char === "'") at = readSingle(text, at, doubled, push)
    else if (char === '"') at = readDouble(text, at, push)
    else {
      const isEscaped = char === '\\'
      push(isEscaped ? (text[at + 1] ?? '') : char, at)
      at += isEscaped ? 2 : 1
    }
  }
  const origin = (offset: number) => {
    const [inValue, inText] = starts.findLast(([from]) => from <= offset) ?? [0, start]
    return inText + offset - inValue
  }
  return { value: parts.join(''), end: at, origin }
}

type Push = (part: string, at: number) => void

function readSingle(text: string, start: number, doubled: boolean, push: Push): number {
  for (let from = start + 1; ;) {
    const end = text.indexOf("'", from)
    if (end === -1) throw new RelaxedFault(start, 'a quote without its end')
    const isDoubled = doubled && text[end + 1] === "'"
    push(text.slice(from, isDoubled ? end + 1 : end), from)
    if (!isDoubled) return end + 1
    from = end + 2
  }
}

function readDouble(text: string, start: number, push: Push): number {
  let from = start + 1
  for (let at = from; at < text.length; at++) {
    if (text[at] === '"') {
      push(text.slice(from, at), from)
      return at + 1
    }
    if (text[at] !== '\\') continue
    if ('"\\$`'.includes(text[at + 1] ?? ' ')) {
      push(text.slice(from, at), from)
      from = at + 1
    }
    at++
  }
  throw new RelaxedFault(start, 'a quote without its end')
}
