import { describe, expect, it } from 'vitest'
import { formatPairs, formatTable } from './table.js'

describe('formatTable', () => {
  const rows = [
    ['a', 'one two three four', 'x'],
    ['bb', '', 'longword'],
  ]
  it('lines up columns below their titles', () => {
    expect(formatTable(['name', 'text', 'last'], rows)).toBe(
      'name   text                 last\na      one two three four   x\nbb                          longword\n',
    )
  })

  it('folds the widest column where the terminal is too narrow, and indents', () => {
    const folded = formatTable(['name', 'text', 'last'], rows, { columns: 32, indent: '  ' })
    expect(folded).toBe(
      '  name   text           last\n  a      one two        x\n         three four\n  bb                    longword\n',
    )
    for (const line of folded.split('\n')) expect(line.length).toBeLessThanOrEqual(32)
  })

  it('breaks a word that is wider than its column, and no column to nothing', () => {
    const narrow = formatTable(['a', 'b'], [['abcdefghijkl', 'mnopqrstuvwx']], { columns: 5 })
    expect(narrow).toBe('a          b\nabcdefgh   mnopqrst\nijkl       uvwx\n')
  })

  it('counts characters as a terminal shows them, and lets none of them move the cursor', () => {
    expect(formatTable(['a', 'b'], [['镜像', '\u001b[2J\n']])).toBe('a      b\n镜像    [2J\n')
    expect(formatPairs([['name', 'a\tb']])).toBe('name:   a b\n')
  })
})
