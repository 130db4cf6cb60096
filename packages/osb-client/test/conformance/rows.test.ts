import { describe, expect, it } from 'vitest'
import { checksOfAnyAnswer } from '../../src/conformance/judge-answer.js'
import { notVisible } from '../../src/conformance/not-visible.js'
import { findRule, rules } from '../../src/conformance/rules.js'
import { scenes } from '../../src/conformance/scenes/index.js'

const checked = new Set([...scenes.flatMap(({ checks }) => checks), ...checksOfAnyAnswer])
const unseen = new Set(notVisible.map(({ requirement }) => requirement))

describe('every rule for brokers', () => {
  it('is either checked or listed as not visible', () => {
    const places = rules.map(({ id }) => [id, Number(checked.has(id)) + Number(unseen.has(id))] as const)
    expect(places.filter(([, count]) => count !== 1).map(([id]) => id)).toEqual([])
  })

  it('that is listed as not visible exists, and has its reason', () => {
    expect(notVisible.filter(({ requirement, reason }) => !findRule(requirement) || reason === '')).toEqual([])
    expect(unseen.size).toBe(notVisible.length)
  })
})

describe('every scene', () => {
  it('has a name of its own and declares each check once', () => {
    expect(new Set(scenes.map(({ name }) => name)).size).toBe(scenes.length)
    const twice = scenes.filter(({ checks }) => new Set(checks).size !== checks.length)
    expect(twice.map(({ name }) => name)).toEqual([])
  })
})
