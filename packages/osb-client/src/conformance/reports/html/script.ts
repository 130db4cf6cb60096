/**
 * What the page does: filter, open all, copy a line, change light and dark. It reads the page only, makes no element of
 * text, and works without: then all results are there, closed.
 */
export const script = `
'use strict'
const all = (selector) => [...document.querySelectorAll(selector)]
const one = (selector) => document.querySelector(selector)
const results = all('.result')
const haystacks = new Map(results.map((result) => [result, result.textContent.toLowerCase()]))
const choices = all('.choice')
const search = one('#search')
const chapter = one('#chapter')
const level = one('#level')
function filter() {
  const wanted = new Set(choices.filter((choice) => choice.ariaPressed === 'true').map((choice) => choice.dataset.outcome))
  const words = search.value.toLowerCase().split(/\\s+/).filter((word) => word !== '')
  let shown = 0
  for (const result of results) {
    const { outcome, chapter: of, level: at } = result.dataset
    const fits = wanted.has(outcome) && (chapter.value === '' || chapter.value === of) && (level.value === '' || level.value === at)
    result.hidden = !fits || !words.every((word) => haystacks.get(result).includes(word))
    if (!result.hidden) shown += 1
  }
  for (const section of all('.chapter')) section.hidden = !section.querySelector('.result:not([hidden])')
  one('#shown').textContent = shown + ' of ' + results.length + ' results shown'
}
for (const choice of choices)
  choice.addEventListener('click', () => {
    choice.ariaPressed = String(choice.ariaPressed !== 'true')
    filter()
  })
search.addEventListener('input', filter)
chapter.addEventListener('change', filter)
level.addEventListener('change', filter)
for (const link of all('[data-show]'))
  link.addEventListener('click', () => {
    chapter.value = link.dataset.show
    for (const choice of choices) choice.ariaPressed = 'true'
    filter()
    one('#results').scrollIntoView()
  })
one('#open').addEventListener('click', () => {
  const visible = results.filter((result) => !result.hidden)
  const open = visible.some((result) => !result.open)
  for (const result of visible) result.open = open
})
one('#theme').addEventListener('click', () => {
  const root = document.documentElement
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
  root.dataset.theme = dark ? 'light' : 'dark'
})
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-copy]')
  if (!button) return
  const text = button.closest('.curl').querySelector('pre').textContent
  const done = () => { button.textContent = 'Copied' }
  const select = () => getSelection().selectAllChildren(button.closest('.curl').querySelector('pre'))
  if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, select)
  else select()
})
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target.matches('input, select, textarea')) return
  event.preventDefault()
  search.focus()
})
for (const element of all('.needs-script')) element.hidden = false
filter()
`.trim()
