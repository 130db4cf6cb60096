/** @typedef {{ kind: 'word' | 'text' | 'sign', value: string }} Token `text`: what a string or template says */

const WORD = /[\w$]+/y
const SPACE = /\s+/y
const LINE_COMMENT = /\/\/[^\n]*/y
const BLOCK_COMMENT = /\/\*[\s\S]*?\*\//y
const STRING = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y
/** After these words and signs, a slash begins a regular expression; after others it divides. */
const BEFORE_REGEX = /^(?:[(,=:[!&|?{};+*<>~^-]|return|of|in|case|typeof)$/

/**
 * The words, texts and signs of a TypeScript source, without its comments; as much of the grammar as is needed to find
 * the names of tests in it.
 * @param {string} source
 * @returns {Token[]}
 */
export function tokenize(source) {
  /** @type {Token[]} */
  const tokens = []
  let at = 0
  /** @param {RegExp} pattern */
  const take = (pattern) => {
    pattern.lastIndex = at
    const found = pattern.exec(source)?.[0]
    if (found !== undefined) at += found.length
    return found
  }
  while (at < source.length) {
    if (take(SPACE) ?? take(LINE_COMMENT) ?? take(BLOCK_COMMENT)) continue
    const word = take(WORD)
    if (word !== undefined) {
      tokens.push({ kind: 'word', value: word })
      continue
    }
    const text = take(STRING)
    if (text !== undefined) {
      tokens.push({ kind: 'text', value: text.slice(1, -1) })
      continue
    }
    if (source[at] === '`') {
      const end = endOfTemplate(source, at)
      tokens.push({ kind: 'text', value: source.slice(at + 1, end) })
      at = end + 1
      continue
    }
    if (source[at] === '/' && BEFORE_REGEX.test(tokens.at(-1)?.value ?? '(') && take(REGEX) !== undefined) continue
    tokens.push({ kind: 'sign', value: source.charAt(at++) })
  }
  return tokens
}

/**
 * Where the template that begins at `start` ends; templates within its `${}` are skipped.
 * @param {string} source @param {number} start @returns {number} the place of the closing backtick
 */
function endOfTemplate(source, start) {
  let depth = 0
  for (let at = start + 1; at < source.length; at++) {
    const sign = source[at]
    if (sign === '\\') at++
    else if (depth === 0 && sign === '`') return at
    else if (sign === '$' && source[at + 1] === '{') depth++
    else if (depth > 0 && sign === '}') depth--
    else if (depth > 0 && sign === '`') at = endOfTemplate(source, at)
  }
  return source.length
}
