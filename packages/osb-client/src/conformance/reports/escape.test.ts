import { describe, expect, it } from 'vitest'
import {
  codeBlock,
  escapeCommand,
  escapeHtml,
  escapeMarkdown,
  escapeProperty,
  escapeXml,
  toLine,
  toLines,
} from './escape.js'

describe('what a hostile broker answers', () => {
  it.each([
    ['\u001b[2J\u001b[31mred', '\\u001b[2J\\u001b[31mred'],
    ['\u009b31m', '\\u009b31m'],
    ['a\r\nb\tc', 'a\\r\\nb\\tc'],
    ['user\u202Egnp.exe', 'user\\u202egnp.exe'],
    ['half \ud800', 'half \ufffd'],
    ['über 🚫', 'über 🚫'],
  ])('%j is on a line of a terminal %j', (text, expected) => {
    expect(toLine(text)).toBe(expected)
  })

  it('keeps its lines where there may be several', () => {
    expect(toLines('a\r\nb\n\tc\u0000\r')).toBe('a\nb\n\tc\\u0000\\r')
  })

  it('is no element and ends no attribute of HTML', () => {
    expect(escapeHtml(`<script>alert('1')</script>" onload="x&`)).toBe(
      '&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot; onload=&quot;x&amp;',
    )
  })

  it('ends no section of XML and is no character that XML forbids', () => {
    expect(escapeXml(']]></failure><x a="\u0000\uffff">\n')).toBe(
      ']]&gt;&lt;/failure&gt;&lt;x a=&quot;\\u0000\\uffff&quot;&gt;&#10;',
    )
  })

  it('is no command of GitHub Actions', () => {
    expect(escapeCommand('100%\r\n::error file=x::injected')).toBe('100%25%0A::error file=x::injected')
    expect(escapeProperty('a:b,c\n::set-output')).toBe('a%3Ab%2Cc%0A%3A%3Aset-output')
  })

  it('is no markup, mention or link of Markdown', () => {
    expect(escapeMarkdown('[x](javascript:1) @team <img> |*_`#\n-')).toBe(
      '\\[x\\]\\(javascript\\:1\\) &#64;team &lt;img&gt; \\|\\*\\_\\`\\#\\\\n\\-',
    )
  })

  it('cannot leave its block of code', () => {
    expect(codeBlock('```\n# title\n````', 'json')).toBe('`````json\n```\n# title\n````\n`````')
  })
})
