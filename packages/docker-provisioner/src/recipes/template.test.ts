import { describe, expect, it } from 'vitest'
import { fill, fillText } from './template.js'

const variables = { host: 'h', ports: { http: 80 }, 'odd-name': { x_1: 'y' } }

describe('templates', () => {
  it.each([
    ['a text without variables', 'plain {x}', 'plain {x}'],
    ['variables inside a text', 'http://{{host}}:{{ ports.http }}/', 'http://h:80/'],
    ['a lone number, which stays a number', '{{ports.http}}', 80],
    ['nested values', { a: ['{{host}}', 1, null], b: { c: true } }, { a: ['h', 1, null], b: { c: true } }],
    ['names with - and _', '{{odd-name.x_1}}', 'y'],
  ])('fill in %s', (_what, template, expected) => {
    expect(fill(template, variables)).toEqual(expected)
  })

  it.each(['{{missing}}', '{{ports.none}}', '{{ports}}', '{{constructor.name}}', '{{host.length}}'])(
    'refuse %s',
    (template) => {
      for (const attempt of [() => fill(template, variables), () => fillText(`x ${template}`, variables)]) {
        expect(attempt).toThrow(expect.objectContaining({ code: 'INVALID_RECIPE' }) as Error)
      }
    },
  )
})
