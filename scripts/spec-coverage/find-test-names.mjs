import { tokenize } from './tokenize.mjs'

/** @typedef {import('./tokenize.mjs').Token} Token */

const TEST_WORDS = new Set(['it', 'test', 'describe'])
const CLOSES = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
])
/** A cell of a table of cases that names its test: it begins with rules. */
const RULES_FIRST = /^[A-Z][A-Z0-9]+-\d{2}(?=$|[\s:,])/
const NAMING_KEYS = new Set(['name', 'title', 'rule', 'rules'])

/**
 * The names of the tests in a source: the titles of `it`, `test` and `describe`, and of a table of cases
 * (`it.each([…])`) those rows' first cells that begin with rules, with the title of the table.
 * @param {string} source
 * @returns {string[]}
 */
export function findTestNames(source) {
  const tokens = tokenize(source)
  return tokens.flatMap(({ kind, value }, at) =>
    kind === 'word' && TEST_WORDS.has(value) && tokens[at - 1]?.value !== '.' ? namesOfCall(tokens, at) : [],
  )
}

/** @param {Token[]} tokens @param {number} at where `it`, `test` or `describe` stands @returns {string[]} */
function namesOfCall(tokens, at) {
  let next = at + 1
  let isTable = false
  while (tokens[next]?.value === '.') {
    isTable ||= tokens[next + 1]?.value === 'each' || tokens[next + 1]?.value === 'for'
    next += 2
  }
  if (tokens[next]?.value === '<') next = endOfTypes(tokens, next) + 1
  /** @type {Token[][]} */
  const groups = []
  while (tokens[next]?.value === '(') {
    const end = endOfGroup(tokens, next)
    groups.push(tokens.slice(next + 1, end))
    next = end + 1
  }
  const title = groups.at(-1)?.[0]
  if (title?.kind !== 'text') return []
  const [table] = groups
  if (!isTable || groups.length < 2 || table === undefined) return [title.value]
  return [title.value, ...rowNames(tableOf(tokens, table)).map((name) => fill(title.value, name))]
}

/** @param {string} title @param {string} name */
function fill(title, name) {
  return title.startsWith('%s') ? title.replace('%s', name) : `${name} (${title})`
}

/**
 * A table is written where it is used, or it is a constant of the same file.
 * @param {Token[]} tokens @param {Token[]} argument
 */
function tableOf(tokens, argument) {
  if (argument[0]?.value === '[') return argument
  const names = new Set(argument.filter(({ kind }) => kind === 'word').map(({ value }) => value))
  const declared = tokens.findIndex(({ value }, at) => value === 'const' && names.has(tokens[at + 1]?.value ?? ''))
  if (declared < 0) return []
  const equals = tokens.findIndex(({ value }, at) => at > declared && value === '=')
  const start = tokens.findIndex(({ value }, at) => at > equals && CLOSES.has(value))
  return equals < 0 || start < 0 ? [] : tokens.slice(start, endOfGroup(tokens, start) + 1)
}

/** @param {Token[]} table @returns {string[]} */
function rowNames(table) {
  let depth = 0
  return table.flatMap(({ kind, value }, at) => {
    if (kind === 'sign') depth += CLOSES.has(value) ? 1 : [...CLOSES.values()].includes(value) ? -1 : 0
    if (kind !== 'text' || !RULES_FIRST.test(value)) return []
    const before = table[at - 1]?.value ?? ''
    const isRow = depth === 1 && '[{,'.includes(before)
    const isFirstCell = depth === 2 && before === '['
    const isNamed = depth === 2 && before === ':' && NAMING_KEYS.has(table[at - 2]?.value ?? '')
    return isRow || isFirstCell || isNamed ? [value] : []
  })
}

/** @param {Token[]} tokens @param {number} start where type arguments open @returns {number} where they close */
function endOfTypes(tokens, start) {
  let depth = 0
  for (let at = start; at < tokens.length; at++) {
    const value = tokens[at]?.value
    if (value === '<') depth++
    // The second sign of an arrow closes nothing.
    else if (value === '>' && tokens[at - 1]?.value !== '=' && --depth === 0) return at
  }
  return tokens.length
}

/** @param {Token[]} tokens @param {number} start where a group opens @returns {number} where it closes */
function endOfGroup(tokens, start) {
  let depth = 0
  for (let at = start; at < tokens.length; at++) {
    const { kind, value } = /** @type {Token} */ (tokens[at])
    if (kind !== 'sign') continue
    if (CLOSES.has(value)) depth++
    else if ([...CLOSES.values()].includes(value) && --depth === 0) return at
  }
  return tokens.length
}
