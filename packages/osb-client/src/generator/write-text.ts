/** A text as a literal of TypeScript. */
export const textOf = (text: string): string => JSON.stringify(text)

/** A name as the key of a type. */
export const keyOf = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : textOf(name))

/** A name as the key of an object literal, where one name would mean the prototype. */
export const literalKeyOf = (name: string): string => (name === '__proto__' ? '["__proto__"]' : keyOf(name))

/** A text of a broker as a comment of one line, which it cannot leave. */
export function commentOf(text: string): string {
  const line = text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll('*/', '* /')
    .trim()
  return `/** ${line} */`
}
