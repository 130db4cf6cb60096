import { type CompiledQuery, type RawBuilder, sql } from 'kysely'

/** Stands for a value in a query that is compiled once. */
class Slot {
  constructor(readonly name: PropertyKey) {}
}

/** Makes the place of a value in a query. */
export type Slots<Values> = <Name extends keyof Values>(name: Name) => RawBuilder<Values[Name]>

/** A query without its values. */
export type Statement<Values, Row> = (values: Values) => CompiledQuery<Row>

/** Builds and compiles a query once, which costs more than running it, and fills in the values each time. */
export function statement<Values extends object, Row>(
  build: (slot: Slots<Values>) => { compile(): CompiledQuery<Row> },
): Statement<Values, Row> {
  let compiled: CompiledQuery<Row> | undefined
  return (values) => {
    compiled ??= build((name) => sql.val(new Slot(name)) as never).compile()
    const parameters = compiled.parameters.map((value) =>
      value instanceof Slot ? values[value.name as keyof Values] : value,
    )
    return { ...compiled, parameters }
  }
}
